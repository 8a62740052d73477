"""Events: taken in once, and what a shopper did last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from indexing.contracts.errors import InputError, JournalError
from indexing.contracts.events import Event, Line
from indexing.journal import Action, Incoming, Journal, open_journal

Make = Callable[..., Incoming]


def test_receipt_tells_of_each_event(journal: Journal, incoming: Make) -> None:
    """New, repeated in the batch, repeated later: an outcome for each, in order."""
    first = journal.events.append([incoming("e1"), incoming("e2"), incoming("e1")])
    assert first.outcomes == ("accepted", "accepted", "duplicate")
    assert (first.accepted, first.duplicates) == (2, 1)
    assert journal.events.append([incoming("e2"), incoming("e3")]).outcomes == ("duplicate", "accepted")
    assert (journal.events.count(), journal.events.last_sequence()) == (3, 3)


def test_events_without_an_id_are_never_duplicates(journal: Journal, incoming: Make) -> None:
    """An event without an id gets one of its own."""
    assert journal.events.append([incoming(), incoming()]).accepted == 2


def test_ids_are_known_after_reopening(journal: Journal, incoming: Make) -> None:
    """Repeats are recognised across restarts."""
    journal.events.append([incoming("e1")])
    journal.close()
    with open_journal(journal.home) as again:
        assert again.events.append([incoming("e1")]).outcomes == ("duplicate",)


def test_bad_event_is_rejected_and_the_others_are_taken(journal: Journal, now: datetime) -> None:
    """What cannot be stored is named by index; its neighbours are on the disk."""
    east = timezone(timedelta(hours=14))
    bad = [
        Event("click", now, event_id="a\0b", client_id="c"),
        Event("click", now, client_id="\udcff"),
        Event("click", now),
        Event("search", now, client_id="c", query="\ud800"),
        Event("click", datetime(1, 1, 1, tzinfo=east), client_id="c"),
        Event("click", now, client_id="c", attributes={"n": 2**70}),
        Event("click", now, client_id="c" * 129),
        Event("hug", now, client_id="c"),  # type: ignore[arg-type]
        Event("purchase", now, client_id="c", items=[Line("a"), Line("b", quantity=0)]),
    ]
    good = [Event("click", now, event_id=f"ok{n}", client_id="c") for n in range(2)]
    receipt = journal.events.append([Incoming(e, now) for e in (good[0], *bad, good[1])])
    assert receipt.outcomes == ("accepted", *["rejected"] * len(bad), "accepted")
    assert sorted(receipt.errors) == list(range(1, len(bad) + 1))
    assert [receipt.errors[i].field for i in range(1, 10)] == [
        "event_id",
        "client_id",
        "client_id",
        None,
        "timestamp",
        None,
        "client_id",
        "event",
        "items[1].quantity",
    ]
    assert all(isinstance(error, InputError) for error in receipt.errors.values())
    assert journal.events.count() == 2


def test_empty_and_hopeless_batches_need_no_disk(journal: Journal, now: datetime) -> None:
    """A batch with nothing to store has its receipt at once."""
    assert journal.events.append([]).outcomes == ()
    assert journal.events.append_async([Incoming(Event("click", now), now)]).done()
    assert not (journal.home / "journal" / "events.sqlite").exists()


def test_async_future_works_in_asyncio(journal: Journal, incoming: Make) -> None:
    """A handler awaits the receipt; one that is cancelled takes nobody else down."""

    async def handle() -> int:
        task = asyncio.ensure_future(asyncio.wrap_future(journal.events.append_async([incoming("e1")])))
        await asyncio.sleep(0)
        task.cancel()
        receipts = await asyncio.gather(
            *(asyncio.wrap_future(journal.events.append_async([incoming(f"n{n}")])) for n in range(50))
        )
        return sum(receipt.accepted for receipt in receipts)

    assert asyncio.run(handle()) == 50
    assert journal.events.count() == 51


def test_threads_share_groups_and_lose_nothing(journal: Journal, incoming: Make) -> None:
    """Eight threads, each event sent twice: each is accepted once."""
    ids = [f"e{n}" for n in range(300)] * 2
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda i: journal.events.append([incoming(i)]), ids))
    assert sum(r.accepted for r in receipts) == 300
    assert sum(r.duplicates for r in receipts) == 300
    assert journal.events.count() == 300


def test_recent_is_newest_first_whatever_came_first(
    journal: Journal, incoming: Make, now: datetime
) -> None:
    """The sender's time gives the order, also across batches; among equals the last to arrive leads."""
    minute = timedelta(minutes=1)
    journal.events.append(
        [incoming("b", item_id="b", timestamp=now), incoming("c", item_id="c", timestamp=now)]
    )
    journal.events.append([incoming("a", item_id="a", timestamp=now - minute)])
    journal.events.append([incoming("d", item_id="d", timestamp=now)])
    shopper = journal.people.find("c1", None)
    assert shopper is not None
    assert [action.item_id for action in journal.events.recent(shopper)] == ["d", "c", "b", "a"]


def test_recent_holds_the_last_hundred(journal: Journal, incoming: Make, now: datetime) -> None:
    """Older actions fall out, and a late one that is older than all of them never comes in."""
    sent = [
        incoming(f"e{n}", item_id=f"i{n}", timestamp=now + timedelta(seconds=n - 200)) for n in range(130)
    ]
    journal.events.append(sent[:70])
    journal.events.append(sent[70:])
    journal.events.append([incoming("late", item_id="late", timestamp=now - timedelta(days=1))])
    shopper = journal.people.shopper("c1", None)
    assert [a.item_id for a in journal.events.recent(shopper)] == [f"i{n}" for n in range(129, 29, -1)]


def test_recent_holds_what_was_done_and_asked(journal: Journal, incoming: Make, now: datetime) -> None:
    """An action for every product of an order, one for a search, none for impressions and logins."""
    lines = [Line("x", quantity=2), Line("y")]
    journal.events.append(
        [
            incoming("1", event="search", query="咖啡机", session_id="s"),
            incoming("2", event="impression", item_id="seen"),
            incoming("3", event="login", user_id="u", client_id="c1"),
            incoming("4", event="begin_checkout"),
            incoming("5", event="purchase", items=lines),
        ]
    )
    shopper = journal.people.find("c1", None)
    assert shopper is not None
    assert journal.events.recent(shopper) == (
        Action("purchase", now, "y"),
        Action("purchase", now, "x", quantity=2),
        Action("search", now, None, "咖啡机", "s"),
    )


def test_repeats_do_not_act_twice(journal: Journal, incoming: Make) -> None:
    """A duplicate leaves the recent actions alone."""
    for _ in range(3):
        journal.events.append([incoming("e1", item_id="a")])
    assert len(journal.events.recent(journal.people.shopper("c1", None))) == 1


@pytest.mark.parametrize("off", [timedelta(days=4000), timedelta(minutes=11), -timedelta(days=31)])
def test_a_wrong_clock_does_not_lead(
    journal: Journal, incoming: Make, now: datetime, off: timedelta
) -> None:
    """A time far ahead or behind counts as the time of arrival, for the order alone."""
    second = timedelta(seconds=1)
    journal.events.append(
        [
            incoming("wrong", item_id="wrong", timestamp=now + off),
            incoming("right", item_id="right", timestamp=now + second),
        ]
    )
    actions = journal.events.recent(journal.people.shopper("c1", None))
    assert [(a.item_id, a.timestamp) for a in actions] == [("right", now + second), ("wrong", now)]


def test_imported_clocks_are_trusted(journal: Journal, incoming: Make, now: datetime) -> None:
    """The doubt is for storefronts: an import may be as old as it is."""
    old = now - timedelta(days=900)
    journal.events.append([incoming("e", item_id="a", timestamp=old, origin="import")])
    assert journal.events.recent(journal.people.shopper("c1", None))[0].timestamp == old


def test_without_consent_nothing_leads_to_the_person(journal: Journal, incoming: Make) -> None:
    """No mapping, no recent actions, no ids in any byte of the journal; the event itself counts."""
    marks = {"client_id": "raw-client-4711", "user_id": "raw-user-4711", "session_id": "session-4711"}
    order = {"order_id": "order-4711"}
    sent = incoming("e1", event="purchase", item_id="cup", value_minor=5, consent=False, **marks, **order)
    assert journal.events.append([sent]).accepted == 1
    assert journal.people.find("raw-client-4711", "raw-user-4711") is None
    assert journal.events.count() == 1
    journal.close()
    held = b"".join(path.read_bytes() for path in (journal.home / "journal").iterdir())
    assert b"cup" in held
    assert b"4711" not in held


def test_raw_ids_stand_in_the_map_alone(journal: Journal, incoming: Make) -> None:
    """Stored events name the shopper, not the client."""
    journal.events.append([incoming(f"e{n}", client_id="raw-client-4711") for n in range(50)])
    journal.close()
    held = (journal.home / "journal" / "events.sqlite").read_bytes()
    assert held.count(b"raw-client-4711") == 2  # the map, and its index by shopper


def test_a_closed_journal_says_so(journal: Journal, incoming: Make) -> None:
    """After close every call is an error in words."""
    journal.events.append([incoming("e1")])
    journal.close()
    for call in (
        lambda: journal.events.append([incoming("e2")]),
        journal.events.count,
        journal.control.seq,
    ):
        with pytest.raises(JournalError, match="closed"):
            call()
    journal.close()


def test_times_are_utc(journal: Journal, incoming: Make) -> None:
    """A time of another zone is the same moment in UTC."""
    east = timezone(timedelta(hours=8))
    journal.events.append(
        [incoming("e", item_id="a", timestamp=datetime(2026, 11, 22, 20, 0, tzinfo=east))]
    )
    found = journal.events.recent(journal.people.shopper("c1", None))[0].timestamp
    assert (found, found.utcoffset()) == (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), timedelta(0))

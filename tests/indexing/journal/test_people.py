"""Raw ids and shoppers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.contracts.errors import InputError
from indexing.contracts.shown import Shown, Slot
from indexing.journal import Erasure, Incoming, Journal, open_journal

Make = Callable[..., Incoming]


def recent_items(journal: Journal, shopper: str) -> list[str | None]:
    return [action.item_id for action in journal.events.recent(shopper)]


def test_a_shopper_is_found_again(journal: Journal) -> None:
    """The same id is the same shopper, a random one of 32 hexadecimal digits, in every process."""
    made = journal.people.shopper("c1", None)
    assert len(made) == 32
    assert set(made) <= set("0123456789abcdef")
    assert made not in (journal.people.shopper("c2", None), journal.people.shopper(None, "c1"))
    assert journal.people.shopper("c1", None) == made
    with open_journal(journal.home) as other:
        assert other.people.find("c1", None) == made


def test_find_makes_nothing(journal: Journal) -> None:
    """Looking for somebody unknown leaves no trace."""
    assert journal.people.find("c1", "u1") is None
    assert journal.people.find("c1", None) is None
    assert journal.people.find(None, None) is None


def test_first_login_keeps_what_was_done_before(journal: Journal, incoming: Make) -> None:
    """A user nobody knew becomes the shopper that the client was."""
    journal.events.append([incoming("1", client_id="c1", item_id="a")])
    anonymous = journal.people.find("c1", None)
    assert journal.people.shopper("c1", "u1") == anonymous
    assert journal.people.find(None, "u1") == anonymous


def test_login_joins_two_histories(journal: Journal, incoming: Make, now: datetime) -> None:
    """The user's shopper wins; the client points to it; both pasts are recent, in order of time."""
    minute = timedelta(minutes=1)
    journal.events.append([incoming("1", user_id="u1", item_id="phone", timestamp=now - 2 * minute)])
    journal.events.append([incoming("2", client_id="c1", item_id="laptop", timestamp=now - minute)])
    user, client = journal.people.find(None, "u1"), journal.people.find("c1", None)
    assert user is not None
    assert client is not None
    journal.events.append(
        [
            incoming("3", event="login", client_id="c1", user_id="u1"),
            incoming("4", client_id="c1", item_id="x"),
        ]
    )
    assert journal.people.find("c1", None) == user
    assert recent_items(journal, user) == ["x", "laptop", "phone"]
    assert recent_items(journal, client) == []


def test_join_and_its_events_in_one_group(journal: Journal, incoming: Make) -> None:
    """Events before and after a login in one batch all end with the user."""
    user = journal.people.shopper(None, "u1")
    journal.events.append(
        [
            incoming("1", client_id="c1", item_id="before"),
            incoming("2", client_id="c1", user_id="u1", item_id="login"),
            incoming("3", client_id="c1", item_id="after"),
        ]
    )
    assert recent_items(journal, user) == ["after", "login", "before"]


def test_a_shared_device_never_joins_two_users(journal: Journal, incoming: Make) -> None:
    """The client points to who used it last; the users stay apart, also when the second is new."""
    first = journal.people.shopper("c1", "u1")
    journal.events.append([incoming("1", client_id="c1", item_id="private")])
    assert journal.people.find("c1", "u2") is None
    second = journal.people.shopper("c1", "u2")
    assert second != first
    assert recent_items(journal, second) == []
    assert journal.people.shopper("c1", "u1") == first
    assert recent_items(journal, first) == ["private"]


def test_users_come_before_clients(journal: Journal) -> None:
    """Where both are known and differ, find answers with the user."""
    journal.people.shopper("c1", None)
    user = journal.people.shopper(None, "u1")
    assert journal.people.find("c1", "u1") == user


def test_a_login_in_another_process_counts_at_once(journal: Journal) -> None:
    """Nothing is remembered in memory that another worker may have changed."""
    client = journal.people.shopper("c1", None)
    with open_journal(journal.home) as other:
        user = other.people.shopper(None, "u1")
        assert other.people.shopper("c1", "u1") == user != client
    assert journal.people.find("c1", None) == user
    assert journal.people.shopper("c1", None) == user


def test_threads_agree_on_a_new_shopper(journal: Journal) -> None:
    """Many first requests of one client make one shopper."""
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: journal.people.shopper("c1", None), range(40)))) == 1


def test_many_at_once_in_their_order(journal: Journal) -> None:
    """The bulk call answers as single calls would."""
    pairs = [
        ("c1", None),
        (None, "u1"),
        ("c1", "u1"),
        ("c1", None),
        *((f"c{n}", None) for n in range(5000)),
    ]
    made = journal.people.shoppers(pairs)
    assert (made[2], made[3]) == (made[1], made[1])
    assert made[0] != made[1]
    assert made[4:] == journal.people.shoppers(pairs[4:])


@pytest.mark.parametrize(
    "pair", [(None, None), ("", None), (None, "a\0b"), ("\ud800", None), ("x" * 129, None)]
)
def test_what_is_no_id_is_refused(journal: Journal, pair: tuple[str | None, str | None]) -> None:
    """No id, an empty, long or broken one: an error, and nothing is stored."""
    with pytest.raises(InputError):
        journal.people.shopper(*pair)


def test_erase_forgets_everything_of_the_person(journal: Journal, incoming: Make, now: datetime) -> None:
    """Both ids, both pasts, shown lists, and no byte of the ids in any file; others are untouched."""
    journal.events.append(
        [
            incoming("1", client_id="client-4711", item_id="a"),
            incoming("2", user_id="user-4711", client_id=None, item_id="b"),
            incoming("3", client_id="client-4711", user_id="user-4711", item_id="c"),
            incoming("4", client_id="other", item_id="d"),
        ]
    )
    user, other = journal.people.shopper(None, "user-4711"), journal.people.shopper("other", None)
    for number, shopper in enumerate((user, user, other)):
        journal.shown.log(
            Shown(f"r{number}", now, "home", "home", "v", [Slot("a", 1, "trend", 1.0)], shopper)
        )
    journal.shown.flush()
    erased = journal.people.erase(client_id="client-4711")
    assert (erased.ids, erased.events, erased.shown, erased.complete) == (2, 3, 2, True)
    assert len(erased.shoppers) == 2
    assert journal.people.find("client-4711", "user-4711") is None
    assert recent_items(journal, user) == []
    assert (journal.events.count(), journal.shown.count()) == (1, 1)
    assert recent_items(journal, other) == ["d"]
    held = b"".join(path.read_bytes() for path in (journal.home / "journal").iterdir())
    assert b"4711" not in held
    assert not any(shopper.encode() in held for shopper in erased.shoppers)
    assert other.encode() in held


def test_erase_of_nobody(journal: Journal) -> None:
    """An unknown id erases nothing, and says so."""
    assert journal.people.erase(user_id="nobody") == Erasure((), 0, 0, 0, complete=True)
    with pytest.raises(InputError):
        journal.people.erase()


def test_somebody_erased_comes_back_as_somebody_new(journal: Journal, incoming: Make) -> None:
    """After an erasure the same id is a new shopper without a past, and its events count again."""
    journal.events.append([incoming("1", client_id="c1", item_id="a")])
    before = journal.people.shopper("c1", None)
    journal.people.erase(client_id="c1")
    assert journal.events.append([incoming("1", client_id="c1", item_id="b")]).accepted == 1
    after = journal.people.shopper("c1", None)
    assert after != before
    assert recent_items(journal, after) == ["b"]


VISITS = st.lists(
    st.tuples(st.sampled_from(["c1", "c2", None]), st.sampled_from(["u1", "u2", None])).filter(any),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30)
@given(visits=VISITS, split=st.integers(0, 12))
def test_users_stay_who_they_are(
    visits: list[tuple[str | None, str | None]], split: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the order of visits: a user's shopper never changes, two users are never one, a visit
    with a user is the user's, a client is whoever used it last; however the visits are grouped."""
    folder: Path = tmp_path_factory.mktemp("shop")
    with open_journal(folder) as journal:
        made = [*journal.people.shoppers(visits[:split]), *journal.people.shoppers(visits[split:])]
        users: dict[str, str] = {}
        clients: dict[str, str] = {}
        for (client, user), shopper in zip(visits, made, strict=True):
            if user is not None:
                assert users.setdefault(user, shopper) == shopper
            elif client in clients:
                assert shopper == clients[client]
            if client is not None:
                clients[client] = shopper
        assert len(set(users.values())) == len(users)
        assert {c: journal.people.find(c, None) for c in clients} == clients

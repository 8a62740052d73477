"""Who is looking, through a journal that is slow, broken or fast."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest

from api.lane import Lane
from api.service.context import Context, language_of, new_request_id
from api.service.people import PATIENCE_SECONDS, People, Person
from api.tokens import sign_user
from api.types.shared import Visitor
from indexing.contracts.errors import InputError, JournalError
from indexing.journal import Action

SECRET = b"s"
ACTION = Action("click", datetime(2026, 1, 1, tzinfo=UTC), "p1")


class Store:
    """A journal that answers as it is told."""

    def __init__(self, answer: str | Exception | None) -> None:
        self.answer = answer
        self.asked: list[tuple[str | None, str | None]] = []

    def shopper_async(self, client_id: str | None, user_id: str | None) -> Future[str]:
        self.asked.append((client_id, user_id))
        if isinstance(self.answer, Exception):
            raise self.answer
        future: Future[str] = Future()
        if self.answer is not None:
            future.set_result(self.answer)
        return future

    def recent(self, shopper: str) -> tuple[Action, ...]:
        assert shopper == "s-1"
        return (ACTION,)


def find(store: Store, visitor: Visitor, *, personal: bool = True, trusted: bool = True) -> Person:
    """Ask once."""

    async def run() -> Person:
        lane = Lane(4)
        people = People(store, store, lane, secret=SECRET, clock=lambda: 100.0)
        try:
            return await people.find(visitor, Context(trusted=trusted), personal=personal)
        finally:
            lane.close()

    return asyncio.run(run())


def test_somebody_known() -> None:
    """With what they did, when the answer is personal."""
    store = Store("s-1")
    assert find(store, Visitor(client_id="c")) == Person("s-1", "c", (ACTION,))
    assert find(store, Visitor(client_id="c"), personal=False) == Person("s-1", "c")


def test_nobody_is_asked_for_nobody() -> None:
    """Neither without an id nor without consent."""
    store = Store("s-1")
    assert find(store, Visitor()) == Person()
    assert find(store, Visitor(client_id="c", user_id="u", consent=False)) == Person()
    assert store.asked == []


@pytest.mark.parametrize("answer", [None, JournalError("full")], ids=["slow", "broken"])
def test_a_journal_in_trouble_does_not_stop_an_answer(answer: Exception | None) -> None:
    """It is not personal, and says so, soon."""
    person = find(Store(answer), Visitor(client_id="c"))
    assert (person.shopper, person.client_id, person.actions) == (None, "c", ())
    assert [note.code for note in person.notes] == ["history_unavailable"]
    assert PATIENCE_SECONDS < 1


def test_a_browser_speaks_for_a_user_with_a_token_only() -> None:
    """A server's key needs none."""
    store = Store("s-1")
    with pytest.raises(InputError) as caught:
        find(store, Visitor(user_id="u"), trusted=False)
    assert caught.value.code == "unsigned_user"
    token = sign_user(SECRET, "u", expires=101)
    assert find(store, Visitor(user_id="u", user_token=token), trusted=False).shopper == "s-1"
    assert find(store, Visitor(user_id="u")).shopper == "s-1"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, None),
        ("", None),
        ("fr", None),
        ("zh", "zh-CN"),
        ("zh-Hant-TW", "zh-CN"),
        ("en-US,zh;q=0.9", "en"),
        ("en;q=0.5, zh;q=0.8", "zh-CN"),
        ("en;q=0", None),
        ("en;q=x", None),
        ("*", None),
        ("EN", "en"),
        (";;,=,q", None),
        ("en" + ",fr" * 10_000, "en"),
    ],
)
def test_language(header: str | None, language: str | None) -> None:
    """The best of ours that is accepted."""
    assert language_of(header) == language


def test_request_ids() -> None:
    """24 digits, all different."""
    ids = {new_request_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(one) for one in ids} == {24}

"""Cursors: what was sealed is read, anything else is refused."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cursor import Cursor, CursorBox, Upcoming
from indexing.contracts.errors import InputError

BOX = CursorBox(b"secret", seconds=60)
_places = st.builds(
    Upcoming,
    item_id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    source=st.sampled_from(["trend", "factors"]),
    score=st.floats(0, 1, width=32),
    reason=st.sampled_from(["for_you", "trending"]),
    because=st.none() | st.just("p1"),
)


@given(st.lists(_places, max_size=100), st.integers(1, 1000))
def test_what_was_sealed_is_read(upcoming: list[Upcoming], position: int) -> None:
    """Every place with all that it says, in an address's own characters."""
    cursor = Cursor("home", "request", position, upcoming)
    text = BOX.seal(cursor)
    assert text.isascii()
    assert not set(text) & set("+/=&?# ")
    assert BOX.open(text, scenario="home") == cursor


@given(st.text(max_size=50))
def test_any_text_is_refused_with_a_code(text: str) -> None:
    """Never anything but an InputError."""
    with pytest.raises(InputError) as caught:
        BOX.open(text, scenario="home")
    assert (caught.value.field, caught.value.code) == ("cursor", "bad_cursor")


def test_every_changed_character_is_seen() -> None:
    """Nobody can add an id."""
    text = BOX.seal(Cursor("home", "r", 1, [Upcoming("p1", "trend", 0.5, "trending")]))
    for place in range(len(text)):
        changed = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]
        if changed[-1] != text[-1]:
            continue  # the last character of base64 has bits that say nothing
        with pytest.raises(InputError):
            BOX.open(changed, scenario="home")


def test_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its seconds, with a code of its own."""
    text = BOX.seal(Cursor("home", "r", 1, []))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 59)
    assert BOX.open(text, scenario="home").position == 1
    monkeypatch.setattr(time, "time", lambda: now + 62)
    with pytest.raises(InputError, match="older than 60 s") as caught:
        BOX.open(text, scenario="home")
    assert caught.value.code == "expired_cursor"


def test_it_continues_its_own_list_only() -> None:
    """Another scenario is told whose it is."""
    with pytest.raises(InputError) as caught:
        BOX.open(BOX.seal(Cursor("new", "r", 1, [])), scenario="home")
    assert caught.value.code == "wrong_cursor"

"""Recent actions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from indexing.journal.recent import MOST, Action, merged

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

ACTIONS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 999)), max_size=130).map(
    lambda pairs: [Action("click", NOON + timedelta(seconds=s), f"i{n}") for s, n in pairs]
)


@given(newer=ACTIONS, older=ACTIONS)
def test_merge_keeps_the_newest(newer: list[Action], older: list[Action]) -> None:
    """Newest first, at most a hundred, nothing left out that is newer than what is kept."""
    kept = merged(newer, older)
    times = [action.timestamp for action in kept]
    assert times == sorted(times, reverse=True)
    assert len(kept) == min(MOST, len(newer) + len(older))
    every = sorted((a.timestamp for a in newer + older), reverse=True)
    assert times == every[:MOST]


@given(actions=ACTIONS, cut=st.integers(0, 130))
def test_merging_in_parts_is_merging_at_once(actions: list[Action], cut: int) -> None:
    """However arrivals are grouped, the same actions remain in the same order."""
    first, second = actions[:cut], actions[cut:]
    in_parts = merged(reversed(second), merged(reversed(first), ()))
    assert in_parts == merged(reversed(actions), ())


def test_rows_of_a_former_release_can_be_read() -> None:
    """A row with fewer fields than today has the defaults for the rest."""
    old = msgspec.msgpack.encode([["click", NOON, "a"]])
    assert msgspec.msgpack.decode(old, type=tuple[Action, ...]) == (Action("click", NOON, "a"),)

"""Sorted strings against Python's own sorting and searching."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.strings import SortedStrings

texts = st.text(st.characters(codec="utf-8"), max_size=6)


@given(st.lists(texts, max_size=30), texts)
def test_find_and_prefix_agree_with_a_plain_list(values: list[str], wanted: str) -> None:
    """Places in code point order; -1 for what is absent."""
    strings = SortedStrings.of(values)
    plain = sorted(set(values))
    assert list(strings) == plain
    assert strings.find(wanted) == (plain.index(wanted) if wanted in plain else -1)
    low, high = strings.prefix(wanted)
    assert [strings[place] for place in range(low, high)] == [v for v in plain if v.startswith(wanted)]


@pytest.mark.parametrize("count", [1_000, 20_000])
def test_thousands_are_found_where_they_stand(count: int) -> None:
    """The first, the last and all others; what lies between two, before and behind all; every range."""
    strings = SortedStrings.of(f"p{number:05}" for number in range(0, 2 * count, 2))
    assert [strings.find(value) for value in strings] == list(range(count))
    assert {strings.find(value) for value in ("", "p", "p00001", "p00255x", "p01999", "q")} == {-1}
    assert strings.prefix("p0025") == (125, 130)
    assert (strings.prefix("p"), strings.prefix("q")) == ((0, count), (count, count))


def test_what_stands_within_others_is_found_where_it_stands() -> None:
    """Strings of one letter, whose bytes are in all that follow, and across the border of two."""
    strings = SortedStrings.of(["", *("a" * count for count in range(1, 9_000)), "b", "ba", "bab"])
    assert [strings.find(value) for value in strings] == list(range(len(strings)))
    assert {strings.find(value) for value in ("ab", "abb", "bb", "a" * 9_000, "A", "c")} == {-1}


def test_a_lone_surrogate_is_looked_for_and_not_found() -> None:
    """No text that Python can hold raises."""
    assert SortedStrings.of(["手机"]).find("\ud800") == -1


def test_a_slice_of_an_array_keeps_its_own_places() -> None:
    """An Arrow array with an offset is read from its offset."""
    strings = SortedStrings(pa.array(["a", "b", "c"], pa.large_string()).slice(1))
    assert (list(strings), strings.find("c"), strings.find("a")) == (["b", "c"], 1, -1)
    with pytest.raises(IndexError):
        strings[2]


def test_no_strings() -> None:
    """An empty vocabulary finds nothing."""
    assert (SortedStrings.of([]).find("a"), SortedStrings.of([]).prefix("")) == (-1, (0, 0))

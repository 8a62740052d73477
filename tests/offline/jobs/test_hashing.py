"""Texts as numbers, and which numbers repeat."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline.jobs.hashing import Lookup, hash_strings, repeats

TEXTS = ["a", None, "", "手机", "a", "12345678", "123456789", "a\0"]


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
def test_a_text_has_one_number_whatever_holds_it(kind):
    """In slices, too; null is 0 and nothing else is."""
    whole = hash_strings(pa.array(TEXTS))
    assert hash_strings(pa.array(TEXTS).cast(kind)).tolist() == whole.tolist()
    assert hash_strings(pa.array(TEXTS).cast(kind)[2:5]).tolist() == whole[2:5].tolist()
    assert [place for place, number in enumerate(whole.tolist()) if number == 0] == [1]
    assert len(set(whole.tolist())) == len(set(TEXTS))


def test_a_column_without_a_text_is_zeros():
    """Of whatever type, and empty."""
    assert (
        hash_strings(pa.nulls(3)).tolist() == hash_strings(pa.nulls(3, pa.string())).tolist() == [0, 0, 0]
    )
    assert len(hash_strings(pa.array([], pa.string()))) == 0


def test_places_of_known_texts():
    """-1 for what is not known and for null."""
    assert Lookup(pa.array(["b", "a"])).find(hash_strings(pa.array(["a", None, "c", "b"]))).tolist() == [
        1,
        -1,
        -1,
        0,
    ]


@given(st.lists(st.sampled_from([0, 1, 2, 5, 1 << 55, (1 << 55) + 1, 3 << 62, (1 << 64) - 1]), max_size=60))
def test_every_appearance_but_the_first_repeats(numbers):
    """As a set says; 0 stands for no id and never repeats."""
    expected = [number != 0 and number in numbers[:place] for place, number in enumerate(numbers)]
    assert repeats(np.array(numbers, np.uint64)).tolist() == expected


def test_repeats_are_found_among_many():
    """Three hundred thousand numbers, a few of them twice, some of them zero."""
    rng = np.random.default_rng(3)
    numbers = rng.integers(0, 1 << 64, 300_000, np.uint64)
    numbers[rng.integers(0, len(numbers), 500)] = 0
    later = rng.choice(np.arange(200_000, 300_000), 3_000, replace=False)
    numbers[later] = numbers[rng.integers(0, 100_000, 3_000)]
    _, first = np.unique(numbers, return_index=True)
    expected = np.ones(len(numbers), np.bool_)
    expected[first] = False
    expected[numbers == 0] = False
    assert (repeats(numbers) == expected).all()

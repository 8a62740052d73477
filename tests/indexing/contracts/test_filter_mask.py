"""The mask agrees with the plain meaning of the filter, row by row."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.contracts.columns import TextColumn, postings_of
from indexing.contracts.filter_mask import mask, mask_of
from indexing.contracts.filter_match import matches
from indexing.contracts.filters import And, Compare, Exists, Filter, In, Not
from indexing.contracts.memory_columns import MemoryColumns
from indexing.contracts.strings import SortedStrings
from tests.indexing.contracts.filter_trees import IDS, KINDS, catalogues, trees


def text_column(rows: list[list[str]], several: bool) -> TextColumn:
    values = SortedStrings.of(text for row in rows for text in row)
    codes = values.find_all(text for row in rows for text in (row or ([] if several else [""])))
    ends = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return TextColumn(values, tuple(values), codes, ends if several else None)


def columns(catalogue: list[dict[str, Any]]) -> MemoryColumns:
    """Columns written down by hand, not by the builder under test elsewhere."""
    numbers, texts = {}, {}
    for field, kind in KINDS.items():
        given_values = [values.get(field) for values in catalogue]
        if kind == "texts":
            texts[field] = text_column([value or [] for value in given_values], True)
        elif kind == "text":
            texts[field] = text_column([[value] if value else [] for value in given_values], False)
        else:
            numbers[field] = np.array([np.nan if v is None else v for v in given_values], np.float64)
    return MemoryColumns(len(catalogue), KINDS, numbers, texts)


def places(catalogue: list[dict[str, Any]]) -> SortedStrings:
    return SortedStrings.of(values["item_id"] for values in catalogue)


@settings(max_examples=400)
@given(catalogues(), trees())
def test_the_mask_is_the_meaning_of_the_filter(catalogue: list[dict[str, Any]], tree: Filter) -> None:
    """Any tree over any values, missing ones and an empty catalogue included."""
    catalogue.sort(key=lambda values: values["item_id"])
    found = mask(tree, columns(catalogue), places(catalogue).find_all)
    assert found.dtype == np.bool_
    assert found.tolist() == [matches(tree, values) for values in catalogue]


@settings(max_examples=400)
@given(catalogues(), trees(), st.randoms(use_true_random=False))
def test_the_mask_of_some_rows_is_the_mask_there(
    catalogue: list[dict[str, Any]], tree: Filter, random: Random
) -> None:
    """In any order, and of none."""
    catalogue.sort(key=lambda values: values["item_id"])
    held, ids = columns(catalogue), places(catalogue).find_all
    some = random.sample(range(len(catalogue)), random.randint(0, len(catalogue)))
    found = mask_of(tree, held, ids, np.array(some, np.int32))
    assert found.dtype == np.bool_
    assert found.tolist() == mask(tree, held, ids)[some].tolist()


def test_a_comparison_with_a_missing_value_is_false_and_not_its_complement() -> None:
    """``!=`` is false too where there is no value."""
    catalogue = [{"item_id": "a"}, {"item_id": "b", "brand": "x", "price_minor": 1.0, "tags": ["t", "u"]}]
    held, ids = columns(catalogue), places(catalogue).find_all
    for field, value in (("brand", "x"), ("price_minor", 1.0), ("tags", "t")):
        assert mask(Compare(field, "!=", value), held, ids).tolist() == [False, False]
        assert mask(Not(Compare(field, "=", value)), held, ids).tolist() == [True, False]
    assert mask(Compare("tags", "!=", "v"), held, ids).tolist() == [False, True]


def test_ids_are_answered_by_the_ids() -> None:
    """Unknown ids match nothing; there is no column of ids."""
    catalogue = [{"item_id": name} for name in IDS[:3]]
    held, ids = columns(catalogue), places(catalogue).find_all
    assert mask(In("item_id", ("id2", "other")), held, ids).tolist() == [False, False, True]
    assert mask(Compare("item_id", "!=", "id0"), held, ids).tolist() == [False, True, True]
    assert mask(Exists("item_id"), held, ids).all()


@pytest.mark.parametrize("share", [0.001, 0.5])
def test_few_and_many_hits_give_the_same_rows(share: float) -> None:
    """Both ways from codes to rows, over rows with none, one and several values."""
    rng = np.random.default_rng(5)
    rows = [["hit"] * int(rng.random() < share) + ["x"] * int(n) for n in rng.integers(0, 3, 5_000)]
    held = MemoryColumns(5_000, KINDS, {}, {"tags": text_column(rows, True)})
    found = mask(Compare("tags", "=", "hit"), held, places([]).find_all)
    assert found.tolist() == ["hit" in row for row in rows]


def test_the_mask_belongs_to_the_caller() -> None:
    """Changing it changes no column."""
    catalogue = [{"item_id": "a", "in_stock": True}]
    held, ids = columns(catalogue), places(catalogue).find_all
    tree = And((Compare("in_stock", "=", True), Exists("item_id")))
    mask(tree, held, ids)[:] = False
    assert mask(tree, held, ids).tolist() == [True]


@pytest.mark.parametrize("changes", [0, 40, 4_000])
def test_rows_by_code_give_the_same_rows(changes: int) -> None:
    """Also after rows got other values, values that there were none of, none at all, and after new rows;
    where most have changed they are of no use, and not looked at."""
    rng = np.random.default_rng(changes)
    built = [rng.choice(["a", "b", "c"], n, replace=False).tolist() for n in rng.integers(0, 4, 5_000)]
    rows = built + [["c", "z"], [], ["y"]] * (changes // 10)
    changed = np.sort(rng.choice(5_000, changes, replace=False)).astype(np.int32)
    for row in changed.tolist():
        rows[row] = rng.choice(["a", "c", "y", "z"], rng.integers(0, 3), replace=False).tolist()
    then, column = text_column(built, True), text_column(rows, True)
    assert then.indptr is not None
    postings = postings_of(then.codes, then.indptr, len(then.values))
    changed = np.concatenate([changed, np.arange(5_000, len(rows), dtype=np.int32)])
    column = replace(column, postings=replace(postings, changed=changed))
    held = MemoryColumns(len(rows), KINDS, {}, {"tags": column})
    for values in (("a",), ("c",), ("z",), ("a", "y"), ("none",), ("a", "b", "c", "y", "z")):
        expected = [bool(set(row) & set(values)) for row in rows]
        assert mask(In("tags", values), held, places([]).find_all).tolist() == expected

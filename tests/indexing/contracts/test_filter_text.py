"""A tree has one spelling, which reads as the same tree."""

from __future__ import annotations

from hypothesis import given

from indexing.contracts.filter_parser import parse
from indexing.contracts.filter_text import text_of
from indexing.contracts.filters import Filter
from tests.indexing.contracts.filter_trees import KINDS, trees


@given(trees())
def test_the_text_of_a_tree_reads_as_that_tree(tree: Filter) -> None:
    """Quotes, backslashes, times, fractions, and brackets only where they are needed."""
    assert parse(text_of(tree), KINDS, fold=str.lower, limit=10**6) == tree


def test_the_spelling_is_canonical() -> None:
    """Case, spacing, quotes and needless brackets do not matter."""
    text = "(颜色='红')and not(  in_stock=true OR price_minor<020000.00)"
    wanted = 'attributes.颜色 = "红" AND NOT (in_stock OR price_minor < 20000)'
    assert text_of(parse(text, KINDS, fold=str.lower)) == wanted


def test_times_are_written_as_times() -> None:
    """A person reads a date, not seconds."""
    tree = parse("created_at >= '2024-05-01'", KINDS, fold=str.lower)
    assert text_of(tree) == 'created_at >= "2024-05-01T00:00:00+00:00"'

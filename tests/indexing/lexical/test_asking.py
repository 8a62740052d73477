"""Refinements are filters, in the same words in which facets give their values."""

from __future__ import annotations

import pytest

from indexing.contracts.filters import And, Compare, Filter, In, Or
from indexing.lexical.asking import range_text, refinements
from tests.indexing.contracts.filter_trees import KINDS


@pytest.mark.parametrize(
    ("field", "values", "tree"),
    [
        ("brand", ("小米", "华为"), In("brand", ("小米", "华为"))),
        ("in_stock", ("true",), In("in_stock", (True,))),
        ("in_stock", ("true", "false"), In("in_stock", (True, False))),
        ("rating", ("4.5",), Compare("rating", "=", 4.5)),
        ("rating", ("4..",), Compare("rating", ">=", 4.0)),
        ("rating", ("..4",), Compare("rating", "<", 4.0)),
        ("rating", ("-1..4",), And((Compare("rating", ">=", -1.0), Compare("rating", "<", 4.0)))),
        ("rating", ("..4", "5"), Or((Compare("rating", "<", 4.0), Compare("rating", "=", 5.0)))),
    ],
)
def test_a_refinement_is_a_filter(field: str, values: tuple[str, ...], tree: Filter) -> None:
    """Any of the values; ranges are half open as facets count them."""
    assert refinements({field: values}, KINDS) == {field: tree}


def test_a_field_without_values_is_not_refined() -> None:
    """A form that was sent empty restricts nothing."""
    assert refinements({"brand": ()}, KINDS) == {}


@pytest.mark.parametrize("bounds", [(None, 5.0), (0.1, 20_000.0), (1e15, None), (-2.5, 1e300)])
def test_the_name_of_a_range_refines_to_that_range(bounds: tuple[float | None, float | None]) -> None:
    """What a facet shows can be sent back, without loss."""
    lower, upper = bounds
    parts: list[Filter] = []
    parts += [] if lower is None else [Compare("rating", ">=", lower)]
    parts += [] if upper is None else [Compare("rating", "<", upper)]
    wanted = parts[0] if len(parts) == 1 else And(tuple(parts))
    assert refinements({"rating": (range_text(lower, upper),)}, KINDS) == {"rating": wanted}

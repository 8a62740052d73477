"""The plain meaning of a filter on one item."""

from __future__ import annotations

import pytest

from indexing.contracts.filter_match import matches
from indexing.contracts.filter_parser import parse
from tests.indexing.contracts.filter_trees import KINDS

ITEM = {"item_id": "A", "brand": "小米", "tags": ["二手", "热卖"], "price_minor": 100.0, "in_stock": True}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("brand = '小米'", True),
        ("brand IN ('华为', '小米')", True),
        ("brand != '小米'", False),
        ("tags = '二手'", True),
        ("tags != '二手'", False),
        ("tags != 'x'", True),
        ("tags IN ('x', '热卖')", True),
        ("price_minor < 100", False),
        ("price_minor <= 100", True),
        ("price_minor > 99.5 AND in_stock", True),
        ("in_stock = false OR rating > 1", False),
        ("rating != 1", False),
        ("NOT rating = 1", True),
        ("EXISTS rating", False),
        ("EXISTS tags", True),
        ("item_id = 'a'", False),
        ("item_id = 'A'", True),
    ],
)
def test_every_operator_and_a_missing_value(text: str, holds: bool) -> None:
    """Contains on several values, false on a missing one, complement for NOT."""
    assert matches(parse(text, KINDS, fold=str.lower), ITEM) is holds

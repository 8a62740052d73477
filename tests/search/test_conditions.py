"""Filter, hides and refinements together."""

from __future__ import annotations

import pytest

from indexing.contracts.columns import field_kinds
from indexing.contracts.errors import InputError
from indexing.contracts.filters import And, Compare, In, Not
from indexing.contracts.rules import Rule
from search.conditions import read_conditions
from tests.search.shop import SHOP

KINDS = field_kinds(SHOP)
CHEAP = Compare("price_minor", "<", 9.0)


def test_hides_are_hard_and_refinements_apart() -> None:
    """Facets need the refinements apart from the filter; masks take both."""
    rules = (Rule("h", "hide", item_ids=["x"]), Rule("p", "pin", item_ids=["y"]))
    found = read_conditions(CHEAP, {"brand": ("小米", "XIAOMI", "xiaomi"), "tags": ()}, rules, KINDS)
    hidden = Not(In("item_id", ("x",)))
    assert found.filter == And((CHEAP, hidden))
    assert found.refine == {"brand": ("小米", "xiaomi")}
    assert found.everything == And((And((CHEAP, hidden)), In("brand", ("小米", "xiaomi")))) or (
        found.everything == And((CHEAP, hidden, In("brand", ("小米", "xiaomi"))))
    )


def test_ids_are_never_folded() -> None:
    """Two ids that differ by case are two."""
    assert read_conditions(None, {"group_id": ("A", "a")}, (), KINDS).refine == {"group_id": ("A", "a")}


def test_the_price_can_be_given_up() -> None:
    """It is the query's, not the shopper's filter."""
    found = read_conditions(None, {}, (), KINDS).with_price(CHEAP)
    assert found.everything == CHEAP
    assert found.with_price(None).everything is None


@pytest.mark.parametrize(
    "refine", [{"colour": ("x",)}, {"price_minor": ("cheap",)}, {"in_stock": ("maybe",)}]
)
def test_wrong_refinements(refine: dict[str, tuple[str, ...]]) -> None:
    """An unknown field and an impossible value are refused."""
    with pytest.raises(InputError):
        read_conditions(None, refine, (), KINDS)

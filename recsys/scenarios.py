"""The scenarios: what each list is for, and what follows from that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from indexing.contracts.errors import InputError

Key = Literal["category", "brand"]

_FILL = ("content", "trend", "popularity", "rows")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of list.

    Attributes:
        about: whom the list is sought for: the ``context`` (products of the page), or the ``shopper``.
            A context that is empty or unknown gives way to the shopper.
        diverse: what is kept from filling a window. A page of similar products is of one category by
            its meaning, so only brands are spread there.
        in_stock: only products in stock. What a shopper has looked at is shown as it is.
        hide_seen: products seen lately come last (there is a list of them), bought ones not at all.
        fresh: places are kept for new products.
        fill: sources asked, in this order, when the profile's sources find too little.
    """

    about: Literal["context", "shopper"]
    diverse: tuple[Key, ...] = ("category", "brand")
    in_stock: bool = True
    hide_seen: bool = False
    fresh: bool = False
    fill: tuple[str, ...] = _FILL


SCENARIOS: dict[str, Scenario] = {
    "home": Scenario("shopper", hide_seen=True, fresh=True, fill=(*_FILL[:-1], "recent", "rows")),
    "similar": Scenario("context", diverse=("brand",)),
    # where no companion is known, what others looked at is nearer to one than what reads the same
    "bought_together": Scenario("context", diverse=(), fill=("item_item", *_FILL)),
    "cart": Scenario("context", fill=("item_item", *_FILL)),
    "trending": Scenario("shopper", fill=("popularity", "rows")),
    "new": Scenario("shopper", fill=("trend", "popularity", "rows")),
    "recently_viewed": Scenario("shopper", diverse=(), in_stock=False, fill=()),
}


def scenario_of(name: str) -> Scenario:
    """The scenario of that name.

    Raises:
        InputError: there is none (code ``unknown_scenario``).
    """
    found = SCENARIOS.get(name)
    if found is None:
        known = ", ".join(sorted(SCENARIOS))
        raise InputError(
            f"no scenario {name!r}; there are {known}", field="scenario", code="unknown_scenario"
        )
    return found

"""What the address of a result page says: query, refinements, price, sort and page, both ways.

Addresses are typed by people and changed by crawlers, so reading never fails: what cannot be read is
left out, what is too long is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

SORTS = ("", "price_minor:asc", "price_minor:desc", "created_at:desc", "rating:desc")
LONGEST_QUERY = 200
PAGE_SIZE = 24
LAST_PAGE = 1_000 // PAGE_SIZE  # the API serves the first thousand places
_MOST_VALUES = 50
_PREFIX = "f."
_MOST_MINOR = 10**12


@dataclass(frozen=True, slots=True)
class State:
    """One result page.

    Attributes:
        refine: chosen facet values by field.
        low, high: price limits in minor units, None for open; ``high`` is included.
    """

    query: str = ""
    refine: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    low: int | None = None
    high: int | None = None
    in_stock: bool = False
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: QueryParams, *, fields: Iterable[str], minor_digits: int) -> State:
        """From an address; ``fields`` are those that may be refined."""
        known = set(fields)
        refine: dict[str, tuple[str, ...]] = {}
        for name, value in given.multi_items():
            key = name.removeprefix(_PREFIX)
            if name.startswith(_PREFIX) and key in known and value and len(value) <= LONGEST_QUERY:
                chosen = refine.get(key, ())
                if value not in chosen and len(chosen) < _MOST_VALUES:
                    refine[key] = (*chosen, value)
        sort, page = given.get("sort", ""), given.get("page", "1")
        return cls(
            query=" ".join(given.get("q", "").split())[:LONGEST_QUERY],
            refine=refine,
            low=_minor(given.get("low"), minor_digits),
            high=_minor(given.get("high"), minor_digits),
            in_stock=given.get("in_stock") == "1",
            sort=sort if sort in SORTS else "",
            page=min(max(int(page), 1), LAST_PAGE)
            if page.isascii() and page.isdigit() and len(page) < 6
            else 1,
        )

    def filter(self) -> str | None:
        """The price limits and stock as a filter expression."""
        parts = [
            f"price_minor >= {self.low}" if self.low is not None else "",
            f"price_minor <= {self.high}" if self.high is not None else "",
            "in_stock" if self.in_stock else "",
        ]
        return " AND ".join(part for part in parts if part) or None

    def toggled(self, name: str, value: str) -> State:
        """With a facet value chosen, or no longer chosen; back on the first page."""
        chosen = self.refine.get(name, ())
        after = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
        refine = {**self.refine, name: after}
        return replace(self, refine={k: v for k, v in refine.items() if v}, page=1)

    def only(self, name: str, value: str) -> State:
        """With just this value of the facet (a category is a path, not a set)."""
        return replace(self, refine={**self.refine, name: (value,)}, page=1)

    def without(self, name: str) -> State:
        """With nothing chosen of the facet."""
        return replace(self, refine={k: v for k, v in self.refine.items() if k != name}, page=1)

    def fields(self, minor_digits: int, *, leave_out: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Names and values as they stand in the address, and in a form's hidden inputs."""
        pairs = [("q", self.query)] if self.query else []
        pairs += [(_PREFIX + name, v) for name, values in self.refine.items() for v in values]
        pairs += [("low", _major(self.low, minor_digits))] if self.low is not None else []
        pairs += [("high", _major(self.high, minor_digits))] if self.high is not None else []
        pairs += [("in_stock", "1")] if self.in_stock else []
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        gone = set(leave_out)
        return [(name, value) for name, value in pairs if name not in gone]

    def url(self, minor_digits: int) -> str:
        """The address."""
        pairs = self.fields(minor_digits)
        return "/search?" + urlencode(pairs) if pairs else "/search"


def _minor(text: str | None, digits: int) -> int | None:
    try:
        amount = Decimal((text or "").strip().replace(",", "")) * 10**digits
    except InvalidOperation:
        return None
    return int(amount) if amount.is_finite() and 0 <= amount <= _MOST_MINOR else None


def _major(minor: int, digits: int) -> str:
    amount = Decimal(minor).scaleb(-digits)
    return f"{amount.normalize():f}"

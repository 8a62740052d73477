"""The cart: product ids and quantities in a cookie, for a shop that keeps no accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "dg_cart"
MOST_LINES = 40
MOST_OF_ONE = 99
_LONGEST = 3800  # browsers drop a cookie of 4 KB


@dataclass(frozen=True, slots=True)
class Cart:
    """Quantities by product id, in the order in which they were put in."""

    lines: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, request: Request) -> Cart:
        """From the cookie."""
        return cls.of(request.cookies.get(COOKIE, ""))

    @classmethod
    def of(cls, text: str) -> Cart:
        """From :meth:`text`; what cannot be read is an empty place, never an error."""
        lines: dict[str, int] = {}
        for part in text[:_LONGEST].split("|")[:MOST_LINES]:
            name, _, number = part.partition(":")
            item_id = unquote(name)
            if 0 < len(item_id) <= 128 and number.isascii() and number.isdigit() and len(number) < 4:
                lines[item_id] = min(int(number), MOST_OF_ONE)
        return cls({item_id: number for item_id, number in lines.items() if number})

    @property
    def count(self) -> int:
        """How many things are in it."""
        return sum(self.lines.values())

    def changed(self, item_id: str, quantity: int) -> Cart:
        """With so many of a product; none takes it out. A full cart takes no further product."""
        if item_id not in self.lines and len(self.lines) >= MOST_LINES:
            return self
        lines = {**self.lines, item_id: min(max(quantity, 0), MOST_OF_ONE)}
        after = Cart({name: number for name, number in lines.items() if number})
        return after if len(after.text()) <= _LONGEST else self

    def only(self, item_ids: Iterable[str]) -> Cart:
        """With just these products, in the order of the cart."""
        kept = set(item_ids)
        return Cart({name: number for name, number in self.lines.items() if name in kept})

    def text(self) -> str:
        """As it stands in the cookie."""
        return "|".join(f"{quote(item_id, safe='')}:{number}" for item_id, number in self.lines.items())

    def write(self, response: Response) -> None:
        """Into the cookie."""
        if self.lines:
            response.set_cookie(COOKIE, self.text(), max_age=30 * 86_400, samesite="lax", httponly=True)
        else:
            response.delete_cookie(COOKIE)

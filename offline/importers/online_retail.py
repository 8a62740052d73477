"""UCI Online Retail: a British gift wholesaler's invoices, 2010 to 2011.

Columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country. An
invoice is an order; one whose number begins with C is a return. Products come from the rows: the
commonest description is the title, the latest price the price. Postage, fees, samples and stock
corrections are no products: they are dropped, and reported.

Source: Chen, Sain and Guo (2012), UCI Machine Learning Repository, CC BY 4.0.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from indexing.contracts.errors import InputError
from indexing.contracts.events import Event, Line
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop
from offline.importers.rows import Row

SHOP = Shop(name="Online Retail", language="en", currency="GBP", time_zone="Europe/London", attributes=())
_COLUMNS = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice")
_PRODUCT = re.compile(r"\d{5}[A-Za-z]{0,2}|DCGS\w+|DCGSSBOY|DCGSSGIRL")
_LINES = 200
_ZONE = ZoneInfo("Europe/London")


@dataclass(slots=True)
class _Product:
    titles: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    price: int = 0


@dataclass(slots=True)
class _Invoice:
    at: datetime
    client: str
    lines: dict[tuple[str, int], int] = field(default_factory=dict)


@dataclass(slots=True)
class OnlineRetail:
    """Reads rows one by one; gives items and events when all are read."""

    products: dict[str, _Product] = field(default_factory=lambda: defaultdict(_Product))
    invoices: dict[str, _Invoice] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Take one row.

        Raises:
            InputError: the row is no sale or return of a product; nothing of it is taken.
        """
        for name in _COLUMNS:
            if name not in row:
                raise InputError(f"{name} is missing", field=name, code="missing")
        code = str(row["StockCode"]).strip().upper()
        if not _PRODUCT.fullmatch(code):
            raise InputError(f"{code!r} is a fee or a correction", field="StockCode", code="no_product")
        quantity, price, at = _quantity(row), _price(row), _time(row)
        self._sold(code, row, quantity=quantity, price=price, at=at)

    def _sold(self, code: str, row: Row, *, quantity: int, price: int, at: datetime) -> None:
        number = str(row["InvoiceNo"]).strip()
        if quantity < 0 and not number.startswith("C"):
            raise InputError("a stock correction, no sale", field="Quantity", code="no_sale")
        product = self.products[code]
        title = " ".join(str(row.get("Description", "")).split())
        if title:
            product.titles[title] += 1
        product.first = min(product.first or at, at)
        if product.last is None or at >= product.last:
            product.last, product.price = at, price
        customer = str(row.get("CustomerID", "")).split(".")[0].strip()
        invoice = self.invoices.setdefault(
            number, _Invoice(at, f"customer-{customer}" if customer else f"guest-{number}")
        )
        key = (code, price)
        invoice.lines[key] = invoice.lines.get(key, 0) + abs(quantity)

    def items(self) -> Iterator[Item]:
        """Products by id; one that never had a description is named by its code."""
        for code in sorted(self.products):
            product = self.products[code]
            # the first of equally common titles, by text, so that order of rows does not matter
            ranked = sorted(product.titles.items(), key=lambda pair: (-pair[1], pair[0]))
            title = ranked[0][0] if ranked else code
            yield Item(code, title, price_minor=product.price, created_at=product.first)

    def events(self) -> Iterator[Event]:
        """A purchase or refund for each invoice, at most 200 lines an event, by time."""
        for number, invoice in sorted(self.invoices.items(), key=lambda pair: (pair[1].at, pair[0])):
            lines = [
                Line(code, price_minor=price, quantity=min(quantity, 1_000_000))
                for (code, price), quantity in invoice.lines.items()
            ]
            for part, start in enumerate(range(0, len(lines), _LINES)):
                some = lines[start : start + _LINES]
                yield Event(
                    event="refund" if number.startswith("C") else "purchase",
                    timestamp=invoice.at,
                    event_id=f"online-retail-{number}-{part}",
                    client_id=invoice.client,
                    order_id=number,
                    items=some,
                    value_minor=sum((one.price_minor or 0) * (one.quantity or 1) for one in some),
                )


def _quantity(row: Row) -> int:
    try:
        quantity = int(str(row["Quantity"]))
    except ValueError:
        quantity = 0
    if quantity == 0:
        raise InputError(
            f"expected a whole number but 0, got {row['Quantity']!r}", field="Quantity", code="wrong_type"
        )
    return quantity


def _price(row: Row) -> int:
    try:
        price = Decimal(str(row["UnitPrice"]))
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or not 0 < price < 10**8:
        raise InputError(
            f"expected a price above 0, got {row['UnitPrice']!r}", field="UnitPrice", code="no_price"
        )
    return max(1, int((price * 100).to_integral_value()))


def _time(row: Row) -> datetime:
    try:
        local = datetime.fromisoformat(str(row["InvoiceDate"]))
    except ValueError as error:
        raise InputError(
            f"expected YYYY-MM-DD hh:mm:ss, got {row['InvoiceDate']!r}",
            field="InvoiceDate",
            code="bad_time",
        ) from error
    return (local if local.tzinfo else local.replace(tzinfo=_ZONE)).astimezone(UTC)

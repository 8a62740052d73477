"""Decimal money to minor units, exactly. Money inside daogou is an integer; decimals end here."""

from __future__ import annotations

import re
from decimal import Decimal

from indexing.contracts.errors import InputError

_DECIMAL = re.compile(r"(?:([A-Z]{3}) )?(-?\d{1,15}(?:\.\d{1,12})?)(?: ([A-Z]{3}))?", re.ASCII)
_NOISE = Decimal("1e-6")  # 3 * 19.9 is 59.699999999999996 as a float: noise, not a price


def to_minor(value: object, digits: int, *, currency: str = "CNY", field: str = "price") -> int:
    """A decimal amount in minor units.

    Args:
        value: an int, a float, a ``Decimal`` or a text such as ``19.90`` or ``19.90 CNY``.
        digits: decimal digits of the currency's minor unit.
        currency: what an amount that names a currency must name.
        field: named in the error.

    Raises:
        InputError: ``wrong_type``, ``wrong_currency``, or ``too_precise`` when a text has more digits than
            the currency. A float may be off by its own rounding error, never by more.

    >>> to_minor("19.90", 2), to_minor(19.9, 2), to_minor(3 * 19.9, 2), to_minor(1980, 0)
    (1990, 1990, 5970, 1980)
    """
    amount = _amount(value, currency, field)
    scaled = amount.scaleb(digits)
    nearest = scaled.to_integral_value()
    if abs(scaled - nearest) > (_NOISE if isinstance(value, float) else 0):
        raise InputError(
            f"{field} is {value!r}; expected at most {digits} decimal digits",
            field=field,
            code="too_precise",
        )
    return int(nearest)


def _amount(value: object, currency: str, field: str) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(min(max(value, -(10**20)), 10**20))  # out of range either way, and quick
    if isinstance(value, float | Decimal):
        amount = Decimal(repr(value)) if isinstance(value, float) else value
        if amount.is_finite() and abs(amount) < Decimal("1e20"):
            return amount
    if isinstance(value, str) and (match := _DECIMAL.fullmatch(value.strip())):
        check_currency(match[1] or match[3] or currency, currency)
        return Decimal(match[2])
    raise InputError(
        f"{field} is {str(value)[:60]!r}; expected an amount such as 19.90 (digits, a point, digits)",
        field=field,
        code="wrong_type",
    )


def check_currency(given: object, currency: str) -> None:
    """A shop has one currency.

    Raises:
        InputError: ``wrong_currency``.
    """
    if given != currency:
        raise InputError(
            f"currency is {str(given)[:20]!r}; expected {currency}, the currency of the shop",
            field="currency",
            code="wrong_currency",
        )

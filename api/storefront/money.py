"""Money as people read it."""

from __future__ import annotations

from decimal import Decimal

_SIGNS = {
    "CNY": "¥",
    "JPY": "¥",
    "GBP": "£",
    "EUR": "€",
    "USD": "$",
    "HKD": "HK$",
    "TWD": "NT$",
    "KRW": "₩",
}


def money(minor: int, currency: str, minor_digits: int) -> str:
    """A price; whole amounts without decimals.

    >>> money(129900, "CNY", 2), money(255, "GBP", 2), money(500, "JPY", 0)
    ('¥1,299', '£2.55', '¥500')
    """
    amount = Decimal(minor).scaleb(-minor_digits)
    whole = amount == amount.to_integral_value()
    text = f"{amount:,.0f}" if whole else f"{amount:,.{minor_digits}f}"
    return f"{_SIGNS.get(currency, currency + ' ')}{text}"

"""Prices as shops set them: 9.90, 89.00, 1299.00."""

from __future__ import annotations


def ending(yuan: float, draw: float) -> int:
    """The minor units of a price near ``yuan`` with a usual ending; ``draw`` in [0, 1) picks which.

    >>> ending(1234.5, 0.1), ending(84.2, 0.1), ending(7.3, 0.1)
    (129900, 8900, 790)
    """
    if yuan < 20:
        return max(int(yuan), 1) * 100 + (90 if draw < 0.6 else 80 if draw < 0.8 else 50)
    if yuan < 1000:
        last = 900 if draw < 0.7 else 800 if draw < 0.85 else 990
        return int(yuan / 10) * 1000 + last
    last = 9900 if draw < 0.75 else 6900 if draw < 0.9 else 8800
    return int(yuan / 100) * 10_000 + last


def list_price(price_minor: int, draw: float) -> int | None:
    """A crossed-out price of 5 to 65 % more, or None for four products in ten."""
    if draw < 0.4:
        return None
    return ending(price_minor / 100 * (1.05 + draw - 0.4), 0.0)

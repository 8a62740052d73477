"""What a simulation was made with: the arguments and the numbers that govern behaviour."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import msgspec

from indexing.contracts.errors import InputError

FORMAT = 1
"""Raised when the same parameters would make other data: files made before are then made anew."""


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How shoppers behave and how the simulated shop answers.

    Attributes:
        sessions_per_day: of a shopper, mean; ``heavy`` is the spread (of the logarithm) between shoppers.
        steps: answers in a session, mean.
        examination: a slot that is on the screen at position k is looked at with probability
            ``1 / (1 + examination * (k - 1))``.
        depth: slots scrolled to, mean, beyond the first four.
        shuffled: share of searches whose first page is shuffled, uniformly.
        explored: probability that a recommended slot is given to a random product.
        style, brand, price, leaf, appeal: weights of a shopper's liking of a product, see ``affinity``.
        complement: probability that what goes well with a product in the cart is added without a list.
        planted: of those, the share that takes one of the product's own partners.
        buys: probability that a cart is bought; on the promotion day ``buys_promotion``.
        refunds: share of orders refunded.
        bots: per shopper; at least three.
    """

    sessions_per_day: float = 0.56
    heavy: float = 0.8
    steps: float = 4.4
    examination: float = 0.15
    depth: float = 6.0
    shuffled: float = 0.08
    explored: float = 0.12
    style: float = 0.9
    brand: float = 1.1
    price: float = 0.35
    leaf: float = 0.7
    appeal: float = 0.45
    complement: float = 0.4
    planted: float = 0.85
    buys: float = 0.55
    buys_promotion: float = 0.7
    refunds: float = 0.03
    bots: float = 0.0025


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that decides what is written."""

    products: int
    shoppers: int
    days: int
    seed: int
    last_day: date
    behaviour: Behaviour = Behaviour()
    format: int = FORMAT

    def __post_init__(self) -> None:
        for name, least in (("products", 100), ("shoppers", 1), ("days", 1), ("seed", 0)):
            if getattr(self, name) < least:
                given = getattr(self, name)
                raise InputError(
                    f"{name} is {given}; expected at least {least}", field=name, code="too_small"
                )

    @property
    def hash(self) -> str:
        """SHA-256, 64 hexadecimal digits."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()

    @property
    def dates(self) -> list[date]:
        """The days of the log, in UTC, oldest first."""
        return [self.last_day - timedelta(days=back) for back in range(self.days - 1, -1, -1)]

    @property
    def promotion(self) -> int:
        """Place of the promotion day: a double date such as 11-11, else three fifths into the log."""
        doubles = [place for place, day in enumerate(self.dates) if day.day == day.month]
        return doubles[0] if doubles else self.days * 3 // 5

"""Which rows of a file are whose, when several processes read it."""

from __future__ import annotations

import msgspec

CHUNK = 16_384
"""Rows that one process reads in a row."""


class Share(msgspec.Struct, frozen=True):
    """Every chunk whose number leaves the remainder ``part`` when divided by ``parts``."""

    part: int = 0
    parts: int = 1

    def has(self, row: int) -> bool:
        """Whether a row, by its 1-based number, is among them."""
        return chunk_of(row) % self.parts == self.part

    def has_any(self, first: int, last: int) -> bool:
        """Whether any row of ``first`` to ``last`` is."""
        chunks = range(chunk_of(first), chunk_of(last) + 1)
        return any(number % self.parts == self.part for number in chunks)


def chunk_of(row: int) -> int:
    """The chunk of a row, by its 1-based number."""
    return (row - 1) // CHUNK


ALL = Share()

"""What was typed against how a text is written and sounds: ``手ji``, ``sji``, ``shouj`` all begin 手机."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from search.lexicon.pinyin import Unit

_MOST_SPLITS = 6
_MOST_STARTS = 24
_LONGEST_SYLLABLE = 6
FULL, SHORT = 1.0, 0.6
"""Of a character typed by its whole sound, and by the first letters of it."""


def consumed(pattern: str, units: Sequence[Unit]) -> tuple[int, float] | None:
    """How many units a pattern spells from the first one on, and how fully; None when it does not.

    Each Chinese character is typed as itself, by a whole reading, or by the first letter of one (``zh``,
    ``ch`` and ``sh`` count as one letter, too); the last one may be broken off anywhere. Everything else is
    typed as itself. The fullness is the mean over the characters, 1 when all are whole.

    >>> consumed("shouj", [("手", ("shou",)), ("机", ("ji",))])
    (2, 0.8)
    """

    @cache
    def best(place: int, at: int) -> tuple[int, float] | None:
        if at == len(pattern):
            return 0, 0.0
        if place == len(units):
            return None
        found: tuple[int, float] | None = None
        for length, worth in _ways(pattern, at, units[place]):
            rest = best(place + 1, at + length)
            if rest is not None and (found is None or rest[1] + worth > found[1]):
                found = rest[0] + 1, rest[1] + worth
        return found

    whole = best(0, 0)
    return (whole[0], whole[1] / whole[0]) if whole and whole[0] else None


def starts(units: Sequence[Unit]) -> list[int]:
    """Where the typing of a text may begin: at a Chinese character, at the first of a run of others."""
    return [place for place, (_, said) in enumerate(units) if said or not place or units[place - 1][1]][
        :_MOST_STARTS
    ]


def _ways(pattern: str, at: int, unit: Unit) -> list[tuple[int, float]]:
    """Lengths of the pattern that may stand for one unit, with their worth."""
    character, readings = unit
    if pattern[at] == character:
        return [(1, FULL)]
    ways: dict[int, float] = {}
    for reading in readings:
        if pattern.startswith(reading, at):
            ways[len(reading)] = FULL
        for length in (1, 2):
            short = reading[:length]
            if (length == 1 or short in ("zh", "ch", "sh")) and pattern.startswith(short, at):
                ways.setdefault(length, SHORT)
        left = pattern[at:]
        if len(left) < len(reading) and reading.startswith(left):
            ways.setdefault(len(left), SHORT)
    return list(ways.items())


def splits(pattern: str, syllables: frozenset[str]) -> list[str]:
    """Initials of the characters that a run of letters may stand for: ``sji`` → ``sj``, ``s j i`` …

    Args:
        pattern: lower-case ASCII letters.
        syllables: all full readings.
    """
    found: dict[str, None] = {}

    def walk(at: int, held: str) -> None:
        if len(found) >= _MOST_SPLITS or len(held) > _LONGEST_SYLLABLE + 6:
            return
        if at == len(pattern):
            found.setdefault(held)
            return
        for length in range(min(_LONGEST_SYLLABLE, len(pattern) - at), 1, -1):
            if pattern[at : at + length] in syllables:
                walk(at + length, held + pattern[at])
        walk(at + 1, held + pattern[at])

    walk(0, "")
    return list(found)

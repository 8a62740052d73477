"""How characters sound: full pinyin, initials, and which readings a character has.

pypinyin makes the table once, at build; serving reads the table (the library itself would cost each
process 55 MB).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.vectors.mapping import map_array

Pinyin = Callable[[str], Sequence[Sequence[str]]]
"""Readings of each character of a text of Chinese characters, likeliest first, such as
``pypinyin.pinyin(text, style=Style.NORMAL, heteronym=True)``."""

Unit = tuple[str, tuple[str, ...]]
"""A character and its readings; a character that is not Chinese has none."""

FIRST, LAST = 0x4E00, 0x9FFF
MOST_READINGS = 3
_SPELLINGS = 4


def is_han(character: str) -> bool:
    """Whether it is one of the characters that have readings here."""
    return FIRST <= ord(character) <= LAST


def plain(reading: str) -> str:
    """A reading as people type it: no tones, ``ü`` as ``v``.

    >>> plain("lǜ")
    'lv'
    """
    parted = unicodedata.normalize("NFD", reading.lower().replace("u:", "v"))
    parted = parted.replace("u\u0308", "v")
    return "".join(c for c in parted if "a" <= c <= "z")


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of every character.

    Attributes:
        table: uint16 of shape (characters, 3): places in ``syllables``, 0 for none.
        syllables: all that occur, the empty one first.
        all: the same as a set, without the empty one; of an opened table.
    """

    table: npt.NDArray[np.uint16]
    syllables: tuple[str, ...]
    all: frozenset[str] = frozenset()
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def make(cls, pinyin: Pinyin) -> Readings:
        """Ask for every character once."""
        rows: list[list[str]] = []
        for code in range(FIRST, LAST + 1):
            # a character the library does not know comes back as itself: it has no letters left
            found = (plain(reading) for readings in pinyin(chr(code)) for reading in readings)
            rows.append([one for one in dict.fromkeys(found) if one][:MOST_READINGS])
        syllables = ("", *sorted({reading for row in rows for reading in row}))
        place = {syllable: index for index, syllable in enumerate(syllables)}
        table = np.zeros((len(rows), MOST_READINGS), np.uint16)
        for index, row in enumerate(rows):
            table[index, : len(row)] = [place[reading] for reading in row]
        return cls(table, syllables)

    @classmethod
    def open(cls, folder: Path) -> Readings:
        """Map what :meth:`save` wrote."""
        syllables = msgspec.json.decode((folder / "syllables.json").read_bytes(), type=tuple[str, ...])
        table = np.array(map_array(folder / "readings.npy"))  # 126 KB, read for every character
        return cls(table, syllables, frozenset(filter(None, syllables)))

    def save(self, folder: Path) -> None:
        """Two files."""
        np.save(folder / "readings.npy", self.table)
        (folder / "syllables.json").write_bytes(msgspec.json.encode(self.syllables))

    def of(self, character: str) -> tuple[str, ...]:
        """The readings of one character, likeliest first; none when it is not Chinese."""
        if not is_han(character):
            return ()
        found = self._known.get(character)
        if found is None:
            row = self.table[ord(character) - FIRST].tolist()
            found = self._known[character] = tuple(self.syllables[place] for place in row if place)
        return found

    def units(self, text: str) -> list[Unit]:
        """Every character of the text with its readings, spaces and marks left out."""
        return [(c, self.of(c)) for c in text if c.isalnum()]


def spellings(units: Sequence[Unit], most: int = _SPELLINGS) -> list[str]:
    """Full pinyin of the units, the likeliest first; what is not Chinese stays.

    >>> spellings([("手", ("shou",)), ("机", ("ji",)), ("8", ())])
    ['shouji8']
    """
    ways = product(*(readings or (character,) for character, readings in units))
    return list(dict.fromkeys("".join(way) for way in islice(ways, most)))


def initials(units: Sequence[Unit]) -> str:
    """First letter of each character's likeliest reading; what is not Chinese stays.

    >>> initials([("手", ("shou",)), ("机", ("ji",))])
    'sj'
    """
    return "".join(readings[0][0] if readings else character for character, readings in units)

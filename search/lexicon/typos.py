"""Words one slip away: a character wrong, missing, too many, or two that changed places.

Symmetric deletes (Garbe 2012): two words that are one slip apart become equal when at most one character
is taken from each. The hashes of all such shortened forms stand sorted in a mapped array; what a hash
finds is then verified by the true distance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexing.vectors.mapping import map_array

LONGEST = 24
_TWO_SLIPS = 8
"""From so many Latin letters on, two slips are still nearer to this word than to another."""


def distance(a: str, b: str, most: int) -> int:
    """Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.

    Returns:
        The distance, or ``most + 1`` when it is greater than ``most``.

    >>> distance("iphnoe", "iphone", 2)
    1
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return min(row[-1], most + 1)


def slips(word: str) -> int:
    """How many slips are forgiven: none in very short words, for they would all be one another."""
    latin = word.isascii()
    if not (4 if latin else 3) <= len(word) <= LONGEST:
        return 0
    return 2 if latin and word.isalpha() and len(word) >= _TWO_SLIPS else 1


def _shortened(word: str, times: int) -> set[str]:
    forms = {word}
    edge = {word}
    for _ in range(times):
        edge = {form[:i] + form[i + 1 :] for form in edge for i in range(len(form))}
        forms |= edge
    return forms


def _hash(form: str) -> int:
    return int.from_bytes(blake2b(form.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Typos:
    """Hashes of shortened forms (uint64, sorted) and the place of the word that each came from."""

    hashes: npt.NDArray[np.uint64]
    words: npt.NDArray[np.int32]

    @classmethod
    def make(cls, words: Iterable[tuple[int, str]], *, most: int = 2) -> Typos:
        """Of ``(place, word)`` pairs; words that are too short or too long are left out.

        Args:
            most: slips that are looked for, at most.
        """
        pairs = [
            (_hash(form), place)
            for place, word in words
            if (times := min(slips(word), most))
            for form in _shortened(word, times)
        ]
        hashes = np.array([one for one, _ in pairs], np.uint64)
        places = np.array([place for _, place in pairs], np.int32)
        order = np.lexsort((places, hashes))
        return cls(hashes[order], places[order])

    @classmethod
    def open(cls, folder: Path, name: str) -> Typos:
        """Map what :meth:`save` wrote."""
        return cls(*(map_array(folder / f"{name}_{part}.npy") for part in ("hashes", "words")))

    def save(self, folder: Path, name: str) -> None:
        """Two files."""
        np.save(folder / f"{name}_hashes.npy", self.hashes)
        np.save(folder / f"{name}_words.npy", self.words)

    def near(self, word: str) -> npt.NDArray[np.int32]:
        """Places of words that may be near, ascending, each once; verify with :func:`distance`."""
        times = slips(word)
        if not times or not len(self.hashes):
            return np.empty(0, np.int32)
        forms = np.array(sorted(_hash(form) for form in _shortened(word, times)), np.uint64)
        low = np.searchsorted(self.hashes, forms)
        high = np.searchsorted(self.hashes, forms, side="right")
        found = [self.words[a:b] for a, b in zip(low, high, strict=True) if a < b]
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int32)

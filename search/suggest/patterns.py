"""What was typed as pieces, one for each character it may stand for: ``手ji``, ``sji`` are 手机."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.lexicon.pinyin import Unit, is_han
from search.lexicon.sounds import runs

Pieces = tuple[str, ...]
"""A Chinese character, a syllable, or the beginning of one."""

_MOST_WAYS = 8
_LONGEST_SYLLABLE = 6
_MOST_STARTS = 16


def ways(typed: str, syllables: frozenset[str]) -> list[Pieces]:
    """Ways to read what was typed, whole syllables first; at most eight.

    >>> ways("sji", frozenset({"ji", "shou"}))
    [('s', 'ji'), ('s', 'j', 'i')]

    Args:
        typed: compact.
        syllables: all full readings.
    """
    found: list[Pieces] = [()]
    for run, han in runs(typed):
        if han:
            found = [(*one, *run) for one in found]
        else:
            parts = list(_split(run, syllables))
            found = [(*one, *part) for one in found for part in parts]
        found = found[:_MOST_WAYS]
    return found


def _split(run: str, syllables: frozenset[str]) -> Iterator[Pieces]:
    """Syllables and initials of a run of letters, the longest syllables first."""
    held: list[str] = []
    made = 0

    def walk(at: int) -> Iterator[Pieces]:
        nonlocal made
        if at == len(run):
            made += 1
            yield tuple(held)
            return
        for length in (*range(min(_LONGEST_SYLLABLE, len(run) - at), 1, -1), 1):
            piece = run[at : at + length]
            if length == 1 or piece in syllables or piece in ("zh", "ch", "sh"):
                held.append(piece)
                yield from walk(at + length)
                held.pop()
            if made >= _MOST_WAYS:
                return

    return walk(0)


def spelt(pieces: Pieces, characters: Sequence[str], sounds: Sequence[str]) -> float | None:
    """How fully the pieces spell a text from one of its characters on: 1 when all are whole; None when
    they do not.

    Args:
        characters, sounds: of the text, side by side; runs that are not Chinese are one.
    """
    best: float | None = None
    for start in range(min(len(sounds) - len(pieces) + 1, _MOST_STARTS)):
        whole = 0
        for place, piece in enumerate(pieces, start):
            if piece == characters[place] or piece == sounds[place]:
                whole += 1
            elif is_han(piece[0]) or not sounds[place].startswith(piece):
                break
        else:
            fullness = whole / len(pieces) - (start > 0)
            best = fullness if best is None else max(best, fullness)
    return best


def covered(typed: str, units: Sequence[Unit]) -> tuple[int, int] | None:
    """The first run of units, ``[from, to)``, that what was typed spells; None when it spells none."""
    for start, (character, _) in enumerate(units):
        inside_run = start and not is_han(character) and not is_han(units[start - 1][0])
        if not inside_run and (count := _consumed(typed, units, start)):
            return start, start + count
    return None


def _consumed(typed: str, units: Sequence[Unit], place: int, at: int = 0) -> int:
    """How many units from ``place`` on the rest of what was typed spells, 0 when it does not."""
    if place == len(units):
        return 0
    for length in _lengths(typed, at, units[place]):
        if at + length == len(typed):
            return 1
        if count := _consumed(typed, units, place + 1, at + length):
            return count + 1
    return 0


def _lengths(typed: str, at: int, unit: Unit) -> list[int]:
    """How much of what was typed may stand for one unit, the most first."""
    character, readings = unit
    if typed[at] == character:
        return [1]
    left = typed[at : at + _LONGEST_SYLLABLE]
    found: set[int] = set()
    for reading in readings:
        if left.startswith(reading):
            found.add(len(reading))
        elif at + len(left) == len(typed) and reading.startswith(left):
            found.add(len(left))
        if left[0] == reading[0]:
            found.add(1)
            if left[:2] == reading[:2] and left[:2] in ("zh", "ch", "sh"):
                found.add(2)
    return sorted(found, reverse=True)

"""Runs of Han characters: words and their parts, with the number or letter that may stand before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexing.text.models import Span
from indexing.text.runs import Atom, Run
from indexing.text.segmenter import Segmenter
from indexing.text.units import LONGEST_HAN, UNITS, measures


def index_han(segmenter: Segmenter, run: Run) -> Iterator[Span]:
    """Every word with its parts; the measure (``5.5寸``) or mixed word (``T恤``) that the run completes."""
    words = segmenter.cut(run.text)
    number, unit = _measure(words, run)
    if number:
        for measure in measures(number.text, unit):
            yield measure, number.start, run.start + len(unit)
    letter = _letter(run)
    if letter:
        yield letter.text + run.text[0], letter.start, run.start + 1
    yield from words_and_parts(segmenter, words, run.start)


def words_and_parts(segmenter: Segmenter, words: Iterable[str], at: int) -> Iterator[Span]:
    """Every word with its parts, one word after another from a place on."""
    for word in words:
        yield word, at, at + len(word)
        for part, offset in segmenter.parts(word):
            yield part, at + offset, at + offset + len(part)
        at += len(word)


def query_han(segmenter: Segmenter, run: Run, found: list[Span]) -> None:
    """Append the run's words to a query's tokens; the last of them may become a measure or a mixed word."""
    words = segmenter.cut(run.text)
    at, first = run.start, 0
    number, unit = _measure(words, run)
    letter = _letter(run) if not run.gap and len(words[0]) == 1 else None
    if number and found[-1] == (number.text, number.start, number.end):
        at += len(unit)
        found[-1] = (measures(number.text, unit)[0], number.start, at)
        first = _count(words, unit)
    elif letter and found[-1] == (letter.text, letter.start, letter.end):
        at += 1
        found[-1] = (letter.text + words[0], letter.start, at)
        first = 1
    for word in words[first:]:
        found.append((word, at, at + len(word)))
        at += len(word)


def _measure(words: list[str], run: Run) -> tuple[Atom | None, str]:
    """The number before the run and the unit that it begins with.

    Only where the unit is a word of its own: 2升级版 (upgrade) holds no litre, 100克拉 (carat) no gram.
    """
    if run.before is None or not run.before.digits:
        return None, ""
    for count in (2, 1):
        unit = "".join(words[:count])
        if len(unit) <= LONGEST_HAN and unit in UNITS:
            return run.before, unit
    return None, ""


def _letter(run: Run) -> Atom | None:
    """The single letter before the run, as in ``T恤``, ``U盘``, ``V领``."""
    atom = run.before
    return atom if atom and len(atom.text) == 1 and not atom.digits else None


def _count(words: list[str], unit: str) -> int:
    """How many words the unit is made of."""
    return 1 if words[0] == unit else 2

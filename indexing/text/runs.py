"""A normalised text as runs: Han, chains of Latin words and numbers, words of other scripts.

Whatever else stands in a text (punctuation, symbols, emoji) separates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST = 64
"""Characters of the longest token; a longer run is several tokens, the same in every mode."""

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_LATIN = "a-z\u00aa\u00ba\u00df-\u00f6\u00f8-\u024f\u0250-\u02af\u1e00-\u1eff"
_PATTERN = re.compile(
    f"(?P<han>[{HAN}]+)"
    f"|(?P<number>[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,6}}(?![0-9])(?:\\.[0-9]{{1,20}})?"
    f"|[0-9]{{1,{LONGEST}}}(?:\\.[0-9]{{1,20}}){{0,4}})"
    f"|(?P<letters>[{_LATIN}][{_LATIN}\u0300-\u036f]{{0,{LONGEST - 1}}})"
    f"|(?P<other>[^\\x00-\\x7f·×\u2010-\u201f{HAN}{_LATIN}\\s]+)"
)
_CONNECTORS = frozenset("-_./'’&·‐–")
_TIMES = re.compile(" ?[*×] ?").fullmatch


class Atom(NamedTuple):
    """A Latin word or a number within a chain.

    Attributes:
        gap: what stands before it: '' (nothing), ' ' (white space), or one connecting character.
    """

    text: str
    start: int
    end: int
    digits: bool
    gap: str


class Run(NamedTuple):
    """A part of a text that one rule reads.

    Attributes:
        kind: ``han``, ``chain`` or ``other``.
        text: of a chain empty.
        atoms: of a chain.
        before: of a Han run the atom that stands before it with nothing or white space between.
        gap: what stands between them: '' or ' '.
    """

    kind: str
    text: str
    start: int
    end: int
    atoms: tuple[Atom, ...] = ()
    before: Atom | None = None
    gap: str = ""


def runs(text: str) -> Iterator[Run]:
    """Runs in order of their place in a normalised text."""
    chain: list[Atom] = []
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        if kind in ("number", "letters"):
            gap = _gap(text, chain, start, digits=kind == "number")
            if gap is None:
                yield _chained(chain)
                chain = []
            chain.append(_atom(match.group(), start, end, digits=kind == "number", gap=gap or ""))
            continue
        before = chain[-1] if chain else None
        if chain:
            yield _chained(chain)
            chain = []
        if kind == "han":
            yield _han(match.group(), start, before, text)
        else:
            yield from _other(match.group(), start)
    if chain:
        yield _chained(chain)


def _chained(chain: list[Atom]) -> Run:
    return Run("chain", "", chain[0].start, chain[-1].end, tuple(chain))


def _han(run: str, start: int, before: Atom | None, text: str) -> Run:
    between = text[before.end : start] if before else ""
    if between and not between.isspace():
        before, between = None, ""
    return Run("han", run, start, start + len(run), (), before, between and " ")


def _atom(text: str, start: int, end: int, *, digits: bool, gap: str) -> Atom:
    if digits:
        text = text.replace(",", "")
    elif not text.isascii():
        text = _unaccented(text)
    return Atom(text, start, end, digits, gap)


@lru_cache(1 << 12)
def _unaccented(word: str) -> str:
    """Lancôme is sought as lancome."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return bare or word


def _gap(text: str, chain: list[Atom], start: int, *, digits: bool) -> str | None:
    """The gap to the last atom of the chain; None when something separates them.

    A multiplication sign between two numbers becomes the letter x: ``30*40`` is ``30x40``.
    """
    if not chain:
        return ""
    last = chain[-1]
    between = text[last.end : start]
    if not between or between in _CONNECTORS:
        return between
    if between.isspace() or between == ". ":  # Dr. Martens
        return " "
    if digits and last.digits and _TIMES(between):
        chain.append(Atom("x", last.end, start, False, ""))
        return ""
    return None


def _other(text: str, start: int) -> Iterator[Run]:
    """Words of other scripts: letters, marks and digits; the rest separates."""
    begin = None
    for place, character in enumerate(text):
        if not _in_word(character):
            if begin is not None:
                yield Run("other", text[begin:place], start + begin, start + place)
            begin = None
        elif begin is None:
            begin = None if _is_mark(character) else place  # a mark alone is no word: 记 with an accent
        elif place - begin == LONGEST:
            yield Run("other", text[begin:place], start + begin, start + place)
            begin = place
    if begin is not None:
        yield Run("other", text[begin:], start + begin, start + len(text))


@lru_cache(1 << 14)
def _in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


@lru_cache(1 << 12)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"

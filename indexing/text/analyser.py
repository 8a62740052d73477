"""The analyser: a text to tokens with the offsets of their original characters, in three modes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from indexing.text.models import Span, index_chain, query_chain
from indexing.text.normalise import Normalised, normalise
from indexing.text.runs import Run, runs
from indexing.text.segmenter import Segmenter, load_segmenter
from indexing.text.stems import Stem, stemmer
from indexing.text.units import LONGEST_HAN, UNITS, measures
from indexing.text.words import clean, compounds


class Token(NamedTuple):
    """A word and where it stands: ``[start, end)`` in code points of the original text."""

    text: str
    start: int
    end: int


class Analyser:
    """Text to tokens, the same for titles, queries and highlights. Safe to use from several threads.

    Args:
        words: the shop's own words, cleaned and sorted.
        language: of the shop; ``en`` adds stems of Latin words.
        segmenter: cuts Han runs.
    """

    def __init__(self, words: tuple[str, ...], language: str, segmenter: Segmenter) -> None:
        self.words = words
        self.language = language
        self.segmenter = segmenter
        self._compounds = compounds(words)
        self._stem: Stem | None = stemmer(language)

    def index(self, text: str) -> list[Token]:
        """Overlapping tokens of a text to be found: words, their parts, model numbers in every spelling."""
        return self._tokens(text, self._index)

    def query(self, text: str) -> list[Token]:
        """The longest words, none overlapping: each is among the index tokens of the same text."""
        return self._tokens(text, self._query)

    def characters(self, text: str) -> list[Token]:
        """Han characters one by one, Latin words, numbers and other words whole."""
        return self._tokens(text, _characters)

    @property
    def fingerprint(self) -> str:
        """Hash of what the analyser makes of the golden titles."""
        from indexing.text.golden import fingerprint

        return fingerprint(self)

    def save(self, folder: Path) -> None:
        """Write what :func:`open_analyser` reads into an existing or new folder."""
        from indexing.text.storage import save

        save(self, folder)

    def _tokens(self, text: str, make: Callable[[str], Iterable[Span]]) -> list[Token]:
        normalised = normalise(text)
        spans = make(normalised.text)
        if normalised.starts is None:
            return [Token(*span) for span in spans]
        return list(_mapped(spans, normalised))

    def _index(self, text: str) -> Iterator[Span]:
        before: Run | None = None
        for run in runs(text):
            if run.kind == "han":
                yield from self._index_han(run, before, text)
            elif run.kind == "chain":
                yield from self._with_stems(index_chain(run.atoms))
            else:
                yield run.text, run.start, run.end
            before = run

    def _index_han(self, run: Run, before: Run | None, text: str) -> Iterator[Span]:
        words = self.segmenter.cut(run.text)
        unit = _unit(words, before, run, text)
        if unit and before:
            number = before.atoms[-1]
            for measure in measures(number.text, unit):
                yield measure, number.start, run.start + len(unit)
        letter = _letter(before, run, text, apart=True)
        if letter:
            yield letter[0] + run.text[0], letter[1], run.start + 1
        at = run.start
        for word in words:
            yield word, at, at + len(word)
            for part, offset in self.segmenter.parts(word):
                yield part, at + offset, at + offset + len(part)
            at += len(word)

    def _with_stems(self, spans: Iterable[Span]) -> Iterator[Span]:
        if self._stem is None:
            yield from spans
            return
        for span in spans:
            yield span
            stem = self._stem(span[0])
            if stem != span[0]:
                yield stem, span[1], span[2]

    def _query(self, text: str) -> list[Span]:
        found: list[Span] = []
        before: Run | None = None
        for run in runs(text):
            if run.kind == "han":
                self._query_han(run, before, text, found)
            elif run.kind == "chain":
                found.extend(self._stemmed(query_chain(run.atoms, self._compounds)))
            else:
                found.append((run.text, run.start, run.end))
            before = run
        return found

    def _query_han(self, run: Run, before: Run | None, text: str, found: list[Span]) -> None:
        words = self.segmenter.cut(run.text)
        at = run.start
        unit = _unit(words, before, run, text)
        letter = _letter(before, run, text, apart=False)
        if unit and before and found[-1][0] == before.atoms[-1].text:
            number = before.atoms[-1]
            found[-1] = (measures(number.text, unit)[0], number.start, at + len(unit))
            words = self.segmenter.cut(run.text)[_pieces_of(words, unit) :]
            at += len(unit)
        elif letter and len(words[0]) == 1 and found[-1][:2] == letter[:2]:
            found[-1] = (letter[0] + words[0], letter[1], at + 1)
            words = words[1:]
            at += 1
        for word in words:
            found.append((word, at, at + len(word)))
            at += len(word)

    def _stemmed(self, spans: Iterable[Span]) -> Iterable[Span]:
        if self._stem is None:
            return spans
        return [(self._stem(text), start, end) for text, start, end in spans]


def build_analyser(words: Iterable[str], *, language: str = "zh-CN") -> Analyser:
    """An analyser that knows a shop's own words.

    Args:
        words: brands, categories, frequent queries as they are written; they are cleaned here.
        language: of the shop, such as ``zh-CN`` or ``en``.
    """
    known = clean(words)
    return Analyser(known, language, load_segmenter(word for word in known if not word.isascii()))


def open_analyser(folder: Path) -> Analyser:
    """Open what :meth:`Analyser.save` wrote.

    Raises:
        SnapshotBroken: a file is absent or damaged, or a library of this installation analyses the golden titles
            differently than the one that built the index.
    """
    from indexing.text.storage import read

    return read(folder, build_analyser)


def _characters(text: str) -> Iterator[Span]:
    for run in runs(text):
        if run.kind == "han":
            for place, character in enumerate(run.text, run.start):
                yield character, place, place + 1
        elif run.kind == "chain":
            for atom in run.atoms:
                yield atom.text, atom.start, atom.end
        else:
            yield run.text, run.start, run.end


def _mapped(spans: Iterable[Span], normalised: Normalised) -> Iterator[Token]:
    starts, ends = normalised.starts, normalised.ends
    assert starts is not None
    assert ends is not None
    for text, start, end in spans:
        yield Token(text, starts[start], ends[end - 1])


def _unit(words: list[str], before: Run | None, run: Run, text: str) -> str:
    """The Han unit that the run begins with, when a number stands before it: ``5.5寸``; '' when there is none."""
    if before is None or not before.atoms or not before.atoms[-1].digits:
        return ""
    if text[before.end : run.start].strip(" "):
        return ""
    for count in (3, 2, 1):
        unit = "".join(words[:count])
        if len(unit) <= LONGEST_HAN and unit in UNITS:
            return unit
    return ""


def _pieces_of(words: list[str], unit: str) -> int:
    length = count = 0
    while length < len(unit):
        length += len(words[count])
        count += 1
    return count


def _letter(before: Run | None, run: Run, text: str, *, apart: bool) -> Span | None:
    """The single letter before the run, as in ``T恤``, ``U盘``, ``V领``; ``apart``: also across a space."""
    if before is None or not before.atoms:
        return None
    atom = before.atoms[-1]
    if atom.digits or len(atom.text) != 1:
        return None
    between = text[atom.end : run.start]
    if between and not (apart and between == " "):
        return None
    return atom.text, atom.start, atom.end

"""The analyser: a text to tokens with the offsets of their original characters, in three modes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from indexing.text import golden, storage
from indexing.text.han import index_han, query_han
from indexing.text.models import Span, index_chain, query_chain
from indexing.text.normalise import Normalised, normalise
from indexing.text.runs import Run, runs
from indexing.text.segmenter import Segmenter, load_segmenter
from indexing.text.stems import stemmer
from indexing.text.words import clean, compounds, han_words


class Token(NamedTuple):
    """A word and where it stands: ``[start, end)`` in code points of the original text."""

    text: str
    start: int
    end: int


class Analyser:
    """Text to tokens, the same for titles, queries and highlights. Safe to use from several threads.

    Any text is taken: empty, lone surrogates, ten thousand characters; time is linear in its length.

    Args:
        words: the shop's own words, as ``words.clean`` gives them.
        language: of the shop; ``en`` adds stems of Latin words.
        segmenter: cuts runs of Han characters.

    Attributes:
        stem: of a Latin word; None where the language has none.
    """

    def __init__(self, words: tuple[str, ...], language: str, segmenter: Segmenter) -> None:
        self.words = words
        self.language = language
        self.segmenter = segmenter
        self._compounds = compounds(words)
        self.stem = stemmer(language)

    def index(self, text: str) -> list[Token]:
        """Overlapping tokens of a text to be found: words, their parts, model numbers in every spelling."""
        normalised = normalise(text)
        return tokens_of(self.spans(runs(normalised.text)), normalised)

    def query(self, text: str) -> list[Token]:
        """The longest words in order, none overlapping; each is among the index tokens of the same text."""
        normalised = normalise(text)
        return tokens_of(self._query(normalised.text), normalised)

    def characters(self, text: str) -> list[Token]:
        """Han characters one by one; Latin words, numbers and words of other scripts whole."""
        normalised = normalise(text)
        return tokens_of(characters_of(runs(normalised.text)), normalised)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of what the analyser makes of the golden titles (.2 s the first time)."""
        return golden.fingerprint((self.index, self.query, self.characters))

    def save(self, folder: Path) -> None:
        """Write what :func:`open_analyser` reads into a folder, made if it is absent."""
        library = self.segmenter.library
        saved = storage.Saved(storage.FORMAT, self.language, self.words, self.fingerprint, library)
        storage.write(folder, saved)

    def spans(self, read: Iterable[Run]) -> Iterator[Span]:
        """The tokens of :meth:`index` of some runs, each with its place in the normalised text."""
        for run in read:
            if run.kind == "han":
                yield from index_han(self.segmenter, run)
            elif run.kind == "chain":
                yield from self._with_stems(index_chain(run.atoms, self._compounds))
            else:
                yield run.text, run.start, run.end

    def _query(self, text: str) -> list[Span]:
        found: list[Span] = []
        for run in runs(text):
            if run.kind == "han":
                query_han(self.segmenter, run, found)
            elif run.kind == "chain":
                found.extend(self._stemmed(query_chain(run.atoms, self._compounds)))
            else:
                found.append((run.text, run.start, run.end))
        return found

    def _with_stems(self, spans: Iterable[Span]) -> Iterable[Span]:
        if self.stem is None:
            return spans
        return [form for span in spans for form in _forms(span, self.stem(span[0]))]

    def _stemmed(self, spans: Iterable[Span]) -> Iterable[Span]:
        if self.stem is None:
            return spans
        return [(self.stem(text), start, end) for text, start, end in spans]


def build_analyser(words: Iterable[str], *, language: str = "zh-CN") -> Analyser:
    """An analyser that knows a shop's own words.

    Args:
        words: names and words as the shop writes them (``mining.mine`` finds them); they are cleaned here.
        language: of the shop, such as ``zh-CN`` or ``en``.
    """
    known = clean(words)
    return Analyser(known, language, load_segmenter(han_words(known)))


def open_analyser(folder: Path) -> Analyser:
    """Open what :meth:`Analyser.save` wrote.

    Raises:
        SnapshotBroken: the file is absent or damaged, or the libraries of this installation analyse the
            golden titles differently than those that built the index.
        SnapshotNewer: written by a newer daogou.
    """
    saved = storage.read(folder)
    analyser = Analyser(saved.words, saved.language, load_segmenter(han_words(saved.words)))
    if analyser.fingerprint != saved.fingerprint:
        raise storage.changed(folder, saved, analyser.segmenter.library)
    return analyser


def _forms(span: Span, stem: str) -> tuple[Span, ...]:
    text, start, end = span
    if stem == text:
        return (span,)
    if end - start > len(text):
        return ((stem, start, end),)  # a join (T-shirts): only queries seek it, and these by its stem
    return span, (stem, start, end)


def characters_of(read: Iterable[Run]) -> Iterator[Span]:
    """The tokens of ``Analyser.characters`` of some runs, each with its place in the normalised text."""
    for run in read:
        if run.kind == "han":
            for place, character in enumerate(run.text, run.start):
                yield character, place, place + 1
        elif run.kind == "chain":
            for atom in run.atoms:
                yield atom.text, atom.start, atom.end
        else:
            yield run.text, run.start, run.end


def tokens_of(spans: Iterable[Span], normalised: Normalised) -> list[Token]:
    """The same with their places in the original text."""
    starts, ends = normalised.starts, normalised.ends
    if starts is None or ends is None:
        return [Token(*span) for span in spans]
    return [Token(text, starts[start], ends[end - 1]) for text, start, end in spans]

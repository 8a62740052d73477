"""Where the words of one query stand in a text: pieces that can hold none are not read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from indexing.text.analyser import Analyser, Token, characters_of, tokens_of
from indexing.text.models import Span
from indexing.text.normalise import normalise
from indexing.text.runs import HAN, Run, runs
from indexing.text.segmenter import Part

_HAN_RUNS = re.compile(f"[{HAN}]+").finditer
_HAN_ONLY = re.compile(f"[{HAN}]+").fullmatch
_LETTERS = re.compile("[a-z]{2,}").fullmatch
_LITERAL = re.compile(f"[a-z]{{2,}}|[{HAN}]+").fullmatch
_NO_LETTERS = re.compile("[^a-z]+").sub
_ACCENTED = re.compile("[\u00aa\u00ba\u00df-\u036f\u1e00-\u1eff]").search
_APART = re.compile(r"[\W_]+").sub


class WordFinder:
    """Finds the words and phrases of one query in the texts of a page.

    Args:
        words: texts of tokens of ``Analyser.index``.
        phrases: texts of neighbouring tokens of ``Analyser.characters``.
    """

    def __init__(
        self, analyser: Analyser, words: Collection[str], phrases: Collection[tuple[str, ...]] = ()
    ) -> None:
        self._analyser = analyser
        self._words = frozenset(words)
        self._phrases = {phrase: "".join(phrase) for phrase in phrases if phrase}
        self._literal = {phrase for phrase in self._phrases if all(map(_LITERAL, phrase))}
        self._han = [word for word in self._words if _HAN_ONLY(word)]
        self._letters = [word for word in self._words if _LETTERS(word)]
        # a measure has many spellings, and a stem stands in no text
        others = len(self._words) > len(self._han) + len(self._letters)
        self._anywhere = others or bool(self._letters and analyser.stem)
        self._in_words: dict[str, tuple[Part, ...]] = {}
        self._in_runs: dict[str, tuple[Part, ...]] = {}

    def find(self, text: str) -> list[Token]:
        """The tokens that are one of the words, and those that are a phrase side by side, in any order."""
        normalised = normalise(text)
        plain = normalised.text
        phrases = self._phrases_in(plain)
        if phrases or self._anywhere or self._holds_letters(plain):
            read = list(runs(plain))
            found = list(self._words_of(read))
            if phrases:
                found += _neighbours(list(characters_of(read)), phrases)
        else:
            found = self._han_words(plain)
        return tokens_of(found, normalised)

    def _words_of(self, read: Iterable[Run]) -> Iterator[Span]:
        for run in read:
            if run.kind == "han" and not self._anywhere:
                yield from self._in_run(run.text, run.start)
            elif self._may_hold(run):
                yield from (span for span in self._analyser.spans((run,)) if span[0] in self._words)

    def _han_words(self, plain: str) -> list[Span]:
        """Where only Chinese words can be there: most titles."""
        return [span for run in _HAN_RUNS(plain) for span in self._in_run(run.group(), run.start())]

    def _in_run(self, text: str, at: int) -> Iterator[Span]:
        """The words sought in a run of Chinese characters; the runs of a page are much the same."""
        held = self._in_runs.get(text)
        if held is None:
            held = self._in_runs[text] = tuple(self._cut(text)) if self._holds_han(text) else ()
        for word, offset in held:
            yield word, at + offset, at + offset + len(word)

    def _cut(self, text: str) -> Iterator[Part]:
        at = 0
        for word in self._analyser.segmenter.cut(text):
            held = self._in_words.get(word)
            if held is None:
                held = self._in_words[word] = self._in_word(word)
            for part, offset in held:
                yield part, at + offset
            at += len(word)

    def _in_word(self, word: str) -> tuple[Part, ...]:
        """What is sought of a word and its parts."""
        return tuple(
            part for part in ((word, 0), *self._analyser.segmenter.parts(word)) if part[0] in self._words
        )

    def _may_hold(self, run: Run) -> bool:
        if run.kind == "han":  # the number or letter before it makes a word of two scripts (5.5寸, T恤)
            return (self._anywhere and run.before is not None) or self._holds_han(run.text)
        if self._anywhere or run.kind == "other":
            return self._anywhere
        joined = "".join(atom.text for atom in run.atoms)
        return any(word in joined for word in self._letters)

    def _holds_han(self, text: str) -> bool:
        """Not by a pattern: each query would compile its own, .3 ms."""
        return any(word in text for word in self._han)

    def _holds_letters(self, plain: str) -> bool:
        """Whether a Latin word may be there, also written in pieces (``TP-LINK``) or with accents."""
        if not self._letters:
            return False
        letters = _NO_LETTERS("", plain)
        return any(word in letters for word in self._letters) or _ACCENTED(plain) is not None

    def _phrases_in(self, plain: str) -> list[tuple[str, ...]]:
        """Those that may be there: Chinese characters and letters stand for themselves, whatever divides
        them; a number may be written otherwise, and so may a letter with an accent."""
        if not self._phrases:
            return []
        joined, literal = _APART("", plain), self._literal if _ACCENTED(plain) is None else ()
        return [phrase for phrase, text in self._phrases.items() if text in joined or phrase not in literal]


def _neighbours(read: list[Span], phrases: Iterable[tuple[str, ...]]) -> Iterator[Span]:
    texts = [span[0] for span in read]
    # a sign for each token, so that a phrase of single characters is found as a text is
    signs = "".join(text if len(text) == 1 else "\0" for text in texts)
    for phrase in map(list, phrases):
        sought = "".join(part if len(part) == 1 else "\0" for part in phrase)
        place = signs.find(sought)
        while place >= 0:
            if texts[place : place + len(phrase)] == phrase:
                yield from read[place : place + len(phrase)]
            place = signs.find(sought, place + 1)

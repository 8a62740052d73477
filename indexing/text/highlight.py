"""Which original characters of a text matched, and the same as HTML."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable

from indexing.text.analyser import Analyser
from indexing.text.word_finder import WordFinder

Spans = list[tuple[int, int]]


def highlight(
    analyser: Analyser, text: str, words: Collection[str], phrases: Collection[tuple[str, ...]] = ()
) -> Spans:
    """Original characters of the tokens that matched.

    Args:
        text: as shown.
        words: texts of index tokens that matched.
        phrases: neighbouring texts of character tokens that matched.

    Returns:
        ``[start, end)`` in code points, sorted, apart from one another.
    """
    return marked(WordFinder(analyser, words, phrases), text)


def marked(finder: WordFinder, text: str) -> Spans:
    """The same for the texts of one page, which share a finder."""
    return _merged((token.start, token.end) for token in finder.find(text))


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    merged: Spans = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def mark(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text escaped for HTML, the spans in ``<mark>``.

    >>> mark("a<b", [(0, 1)])
    '<mark>a</mark>&lt;b'
    """
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces += [html.escape(text[at:start]), "<mark>", html.escape(text[start:end]), "</mark>"]
        at = end
    return "".join(pieces) + html.escape(text[at:])

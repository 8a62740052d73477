"""Which characters of what is shown matched, also through a synonym, a correction or the other script."""

from __future__ import annotations

from collections.abc import Sequence

from indexing.contracts.items import Item
from indexing.text import Analyser, WordFinder, marked
from search.result import FieldHighlight, Span
from search.understand import QueryTerm


class Highlighter:
    """Marks the words of one query in the items of its page.

    Args:
        terms: of the rung that was used.
    """

    def __init__(self, analyser: Analyser, terms: Sequence[QueryTerm]) -> None:
        words = {word for term in terms for word, _ in (*term.words, *term.term.words)}
        phrases = {phrase for term in terms for phrase in (*term.phrases, *term.term.phrases)}
        self._finder = WordFinder(analyser, words, phrases) if words or phrases else None
        self._known: dict[str, tuple[Span, ...]] = {}  # brands repeat down a page

    def of(self, item: Item) -> tuple[FieldHighlight, ...]:
        """Fields of the item that hold a word; none without words."""
        if self._finder is None:
            return ()
        fields = (("title", item.title), ("brand", item.brand))
        found = ((name, self._spans(self._finder, text)) for name, text in fields if text)
        return tuple(FieldHighlight(name, spans) for name, spans in found if spans)

    def _spans(self, finder: WordFinder, text: str) -> tuple[Span, ...]:
        if text not in self._known:
            self._known[text] = tuple(marked(finder, text))
        return self._known[text]

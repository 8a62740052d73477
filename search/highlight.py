"""Which characters of what is shown matched, also through a synonym, a correction or the other script."""

from __future__ import annotations

from collections.abc import Sequence

from indexing.contracts.items import Item
from indexing.text import Analyser, highlight
from search.result import FieldHighlight, Span
from search.understand import QueryTerm


class Highlighter:
    """Marks the words of one query in the items of its page.

    Args:
        terms: of the rung that was used.
    """

    def __init__(self, analyser: Analyser, terms: Sequence[QueryTerm]) -> None:
        self._analyser = analyser
        self._words = {word for term in terms for word, _ in (*term.words, *term.term.words)}
        self._phrases = {phrase for term in terms for phrase in (*term.phrases, *term.term.phrases)}
        self._known: dict[str, tuple[Span, ...]] = {}  # brands repeat down a page

    def of(self, item: Item) -> tuple[FieldHighlight, ...]:
        """Fields of the item that hold a word; none without words."""
        if not self._words and not self._phrases:
            return ()
        fields = (("title", item.title), ("brand", item.brand))
        marked = ((name, self._spans(text)) for name, text in fields if text)
        return tuple(FieldHighlight(name, spans) for name, spans in marked if spans)

    def _spans(self, text: str) -> tuple[Span, ...]:
        if text not in self._known:
            self._known[text] = tuple(highlight(self._analyser, text, self._words, self._phrases))
        return self._known[text]

"""Which texts mean the same: the seed list and the lexicon's own groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Synonyms:
    """Other ways to say a text, by its compact folded form.

    Args:
        groups: folded texts that mean the same. A text in two groups has the others of both.
    """

    __slots__ = ("_others",)

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._others: dict[str, tuple[str, ...]] = {}
        for group in groups:
            for text in group:
                key = text.replace(" ", "")
                others = (*self._others.get(key, ()), *(one for one in group if one != text))
                self._others[key] = tuple(dict.fromkeys(others))

    def of(self, text: str) -> tuple[str, ...]:
        """The other ways, none when the text is in no group; spaces do not count."""
        return self._others.get(text.replace(" ", ""), ())

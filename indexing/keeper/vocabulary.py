"""The codes of texts, as the keeper gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from indexing.contracts.columns import Codes, TextColumn
from indexing.keeper.texts import Added


@dataclass(frozen=True, slots=True)
class NewText:
    """A text that no row of the build has."""

    field: str
    code: int
    text: str
    display: str


class Vocabulary:
    """Texts of the build and those since, by field.

    Args:
        built: the snapshot's columns.
        added: what is committed, in order of the codes.
    """

    def __init__(self, built: Mapping[str, TextColumn], added: Iterable[NewText]) -> None:
        self._built = built
        self._added = {field: Added() for field in built}
        self._new: list[NewText] = []
        for one in added:
            self._added[one.field].append(one.text, one.display, one.code)

    def codes(self, field: str, column: TextColumn) -> Codes:
        """The lasting code of each value of a column with codes of its own; the last is for -1.

        Returns:
            int32 of len(column.values) + 1 places.
        """
        found = [self._code(field, text, column.display[place]) for place, text in enumerate(column.values)]
        return np.array([*found, -1], np.int32)

    def take_new(self) -> list[NewText]:
        """What was given a code since this was asked last."""
        new, self._new = self._new, []
        return new

    def _code(self, field: str, text: str, display: str) -> int:
        built, added = self._built[field].values, self._added[field]
        code = built.find(text)
        if code < 0:
            code = added.codes.get(text, -1)
        if code < 0:
            code = len(built) + len(added.texts)
            added.append(text, display, code)
            self._new.append(NewText(field, code, text, display))
        return code

"""The forms in which logs are published: which columns a row has, and what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from indexing.contracts.errors import InputError
from indexing.contracts.events import Event
from indexing.contracts.faults import shown
from indexing.contracts.plain import is_unicode
from indexing.contracts.reading import read_event
from indexing.contracts.shop import Shop
from offline.importers.clocks import Clock

_RATING = re.compile(r"[1-4](\.[05])?|0\.5|5(\.0)?", re.ASCII)
_OPTIONAL = frozenset({"", "order_id"})


class Action(NamedTuple):
    """A row of a log: what was done, and the category that it says the product has."""

    event: Event
    category: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """How the rows of a file are written.

    Attributes:
        called: the file's own name.
        columns: their names in their order, with ours: a field of ``Event``, ``category``, ``rating``, or
            nothing for a column that is not read.
        clock: of ``timestamp``.
        events: our names of theirs; none where every row is a purchase.
        head: whether the first row is their names; the columns may then stand otherwise.
        separator: of the cells. Quotes hold a cell together where it is a comma, and are letters elsewhere.
    """

    called: str
    columns: Mapping[str, str]
    clock: Clock
    events: Mapping[str, str] = field(default_factory=dict)
    head: bool = True
    separator: str = ","

    def __str__(self) -> str:
        parted = self.separator.replace("\t", " tab ").join(self.columns)
        return f"{self.called} ({parted}{'' if self.head else ', without a head'})"

    def read(self, row: Sequence[str], shop: Shop) -> Action:
        """One row, its cells in the order of ``columns``.

        Raises:
            InputError: ``missing``, ``bad_time``, ``unknown_value``, or what
                :func:`read_event` says of an id; ``field`` is their name of the column.
        """
        raw: dict[str, object] = {"event": "purchase"}
        category = None
        for (theirs, ours), cell in zip(self.columns.items(), row, strict=True):
            text = cell.strip()
            if ours in _OPTIONAL:
                if text and ours and raw["event"] == "purchase":
                    raw[ours] = text
            elif not text:
                detail = f"expected a value of {theirs}, got an empty cell"
                raise InputError(detail, field=theirs, code="missing")
            elif ours == "event":
                raw[ours] = self._event(theirs, text)
            elif ours == "timestamp":
                raw[ours] = self.time(theirs, text)
            elif ours == "category":
                category = _name(theirs, text)
            elif ours != "rating":
                raw[ours] = text
            elif not _RATING.fullmatch(text):
                detail = f"expected a rating from 0.5 to 5, got {shown(text)}"
                raise InputError(detail, field=theirs, code="out_of_range")
        return Action(read_event(raw, shop), category)

    def time(self, theirs: str, text: str) -> datetime:
        """A time of a column, aware.

        Raises:
            InputError: ``bad_time``.
        """
        time = self.clock.read(text)
        if time is None:
            raise InputError(
                f"expected {self.clock.wanted}, got {shown(text)}", field=theirs, code="bad_time"
            )
        return time

    def _event(self, theirs: str, text: str) -> str:
        if text not in self.events:
            known = ", ".join(self.events)
            raise InputError(
                f"expected one of {known}, got {shown(text)}", field=theirs, code="unknown_value"
            )
        return self.events[text]


@lru_cache(maxsize=50_000)
def _name(theirs: str, text: str) -> str:
    """A category, checked: ten thousand of them stand in a hundred million rows, and each is kept once."""
    if len(text) > 200 or not is_unicode(text):
        detail = f"expected Unicode text of at most 200 characters, got {shown(text)}"
        raise InputError(detail, field=theirs, code="not_unicode")
    return text

"""The query lexicon as serving reads it: mapped files, nothing per entry on the heap."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from indexing.contracts.errors import SnapshotBroken, SnapshotNewer
from indexing.contracts.strings import SortedStrings
from indexing.vectors.mapping import map_array
from search.lexicon.entries import FORMAT, KINDS, LexiconEntry
from search.lexicon.keys import Keys, open_strings, open_table
from search.lexicon.pinyin import Readings
from search.lexicon.spelling import compact
from search.lexicon.typos import Typos

_COLUMNS = ("text", "kind", "weight", "category", "item_id", "sound")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Entries, and the ways that lead to them.

    Attributes:
        columns: Arrow arrays of the entries, in the order of ``_COLUMNS``.
        strengths: of the entries, between 0 and 1: weight within the kind, and a prior for the kind.
        hot: entries to show before anything is typed.
        readings: how each character sounds.
        suggest_text, suggest_pinyin, suggest_initials: by what one types; scores below 0 begin inside
            the text.
        correct_text, correct_pinyin, correct_initials: whole texts, words included, products not.
        typos_text, typos_pinyin: the same texts and their spellings, a slip away.
        categories: folded category paths by compact query.
        synonyms: groups of folded texts.
    """

    columns: tuple[pa.Array, ...]
    strengths: npt.NDArray[np.float32]
    hot: npt.NDArray[np.int32]
    readings: Readings
    suggest_text: Keys
    suggest_pinyin: Keys
    suggest_initials: Keys
    correct_text: Keys
    correct_pinyin: Keys
    correct_initials: Keys
    typos_text: Typos
    typos_pinyin: Typos
    categories: Keys
    category_paths: SortedStrings
    synonyms: tuple[tuple[str, ...], ...]

    @classmethod
    def open(cls, folder: Path) -> Lexicon:
        """Map a lexicon.

        Raises:
            SnapshotNewer: it was written by a newer daogou.
            SnapshotBroken: a file is absent or cannot be read.
        """
        try:
            return cls._open(folder)
        except (OSError, ValueError, KeyError, pa.ArrowException) as error:
            raise SnapshotBroken(f"the query lexicon cannot be read: {error}", path=str(folder)) from error

    @classmethod
    def _open(cls, folder: Path) -> Lexicon:
        head = msgspec.json.decode((folder / "lexicon.json").read_bytes(), type=dict[str, int])
        if head["format"] > FORMAT:
            raise SnapshotNewer(
                f"the query lexicon has format {head['format']}; this daogou reads {FORMAT}"
            )
        table = open_table(folder / "entries.arrow")
        empty = table.num_rows == 0
        groups = (folder / "synonyms.json").read_bytes()
        return cls(
            columns=tuple(pa.array([]) if empty else table.column(name).chunk(0) for name in _COLUMNS),
            strengths=map_array(folder / "strengths.npy"),
            hot=map_array(folder / "hot.npy"),
            readings=Readings.open(folder),
            suggest_text=Keys.open(folder, "suggest_text"),
            suggest_pinyin=Keys.open(folder, "suggest_pinyin"),
            suggest_initials=Keys.open(folder, "suggest_initials"),
            correct_text=Keys.open(folder, "correct_text"),
            correct_pinyin=Keys.open(folder, "correct_pinyin"),
            correct_initials=Keys.open(folder, "correct_initials"),
            typos_text=Typos.open(folder, "typos_text"),
            typos_pinyin=Typos.open(folder, "typos_pinyin"),
            categories=Keys.open(folder, "query_categories"),
            category_paths=open_strings(folder / "category_paths.arrow"),
            synonyms=msgspec.json.decode(groups, type=tuple[tuple[str, ...], ...]),
        )

    def entry(self, place: int) -> LexiconEntry:
        """One entry."""
        text, kind, weight, category, item_id, _ = (column[place].as_py() for column in self.columns)
        return LexiconEntry(text, KINDS[kind], weight, category, item_id)

    def text(self, place: int) -> str:
        """The text of one entry."""
        return str(self.columns[0][place].as_py())

    def sound(self, place: int) -> list[str]:
        """How one entry sounds: a syllable for each Chinese character, other runs as written."""
        return str(self.columns[5][place].as_py()).split(" ")

    @property
    def syllables(self) -> frozenset[str]:
        """All readings of all characters."""
        return self.readings.all

    def knows(self, text: str) -> bool:
        """Whether a folded text is an entry or a word."""
        return self.correct_text.strings.find(compact(text)) >= 0

    def categories_of(self, query: str) -> dict[str, float]:
        """Shares of folded category paths among the clicks after a folded query."""
        places, shares = self.categories.exact(compact(query), 5)
        return {self.category_paths[int(p)]: float(s) for p, s in zip(places, shares, strict=True)}

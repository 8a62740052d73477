"""``LexicalIndex`` on tantivy: the engine of the embedded shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from indexing.lexical import tantivy_facets
from indexing.lexical.asking import Range, check_facets, check_page, check_sort
from indexing.lexical.base import Facets, Hits, Kinds, LexicalQuery, Sort
from indexing.lexical.tantivy_errors import Reading
from indexing.lexical.tantivy_page import Found, exact, fetch
from indexing.lexical.tantivy_query import Translator
from indexing.lexical.tantivy_schema import ROW, WORDS, check_folder


class TantivyIndex:
    """A folder of segments, mapped. Made by :meth:`open`; several threads may use one.

    Rows are found in exact order and counts are exact; ``tantivy_facets.MOST_VALUES`` says where counts of
    text end.
    """

    def __init__(self, index: tantivy.Index, folder: Path, kinds: Kinds) -> None:
        self._index = index
        self._reading = Reading(folder)
        self._kinds = kinds
        self._translate = Translator(index.schema, kinds)
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path, kinds: Kinds) -> TantivyIndex:
        """Open what a ``TantivyWriter`` wrote.

        Args:
            folder: the index.
            kinds: ``columns.field_kinds`` of the shop it was written for.

        Raises:
            SnapshotBroken: no index, a damaged one, or one over other fields.
        """
        check_folder(folder, kinds)
        with Reading(folder):
            index = tantivy.Index.open(str(folder))
            index.config_reader("manual")  # a view changes when reload() says so, never by itself
            index.reload()
            return cls(index, folder, kinds)

    @property
    def num_segments(self) -> int:
        """Segments of this view; each costs every query a little."""
        return int(self._searcher.num_segments)

    @property
    def num_documents(self) -> int:
        """Documents of this view, deleted ones not counted."""
        return int(self._searcher.num_docs)

    def reload(self) -> None:
        """See what was committed since; searches under way go on with what they have.

        Raises:
            SnapshotBroken: the folder is gone or damaged; the view stays as it was.
        """
        with self._reading:
            self._index.reload()
            self._searcher = self._index.searcher()

    def view(self) -> TantivyIndex:
        """The index as it is now, for the length of a request: ``reload`` does not reach it."""
        view = object.__new__(type(self))
        view.__dict__.update(self.__dict__)
        return view

    def search(self, query: LexicalQuery, *, limit: int, offset: int = 0, sort: Sort | None = None) -> Hits:
        """See ``LexicalIndex.search``."""
        check_page(offset, limit)
        if sort is not None:
            check_sort(sort, self._kinds)
        if limit == 0:
            return Hits(np.empty(0, np.int32), np.empty(0, np.float32), self.count(query))
        scored = sort is None and bool(query.terms)
        found = self._first(query, offset + limit, sort if sort or scored else Sort(ROW))
        scores = -found.keys[offset:] if scored else np.zeros(max(0, len(found.keys) - offset))
        return Hits(found.rows[offset:].astype(np.int32), scores.astype(np.float32), found.total)

    def count(self, query: LexicalQuery) -> int:
        """See ``LexicalIndex.count``."""
        translated = self._translate.query(query)
        with self._reading:
            return fetch(self._searcher, translated, 1, None).total

    def facets(
        self,
        query: LexicalQuery,
        fields: Sequence[str],
        *,
        most: int = 20,
        ranges: Mapping[str, Sequence[Range]] | None = None,
    ) -> Facets:
        """See ``LexicalIndex.facets``."""
        check_facets(fields, self._kinds)
        searcher = self._searcher
        refined = [name for name in fields if query.refine.get(name)]
        groups = {name: [name] for name in refined}
        groups[""] = [name for name in fields if name not in refined]

        def counted(without: str, names: Sequence[str]) -> Facets:
            wanted = self._translate.query(query, without=without or None)

            def ask(request: dict[str, Any]) -> dict[str, Any]:
                with self._reading:
                    answer: dict[str, Any] = searcher.aggregate(wanted, request)
                return answer

            return tantivy_facets.count(
                ask, names, self._kinds, most=most, ranges=ranges or {}, segments=searcher.num_segments
            )

        return tantivy_facets.joined((counted(*group) for group in groups.items()), fields)

    def document_frequency(self, word: str) -> int:
        """See ``LexicalIndex.document_frequency``."""
        if not word.isascii() and any("\ud800" <= character <= "\udfff" for character in word):
            return 0
        with self._reading:
            return int(self._searcher.doc_freq(WORDS, word))

    def _first(self, query: LexicalQuery, number: int, sort: Sort | None) -> Found:
        searcher, translated = self._searcher, self._translate.query(query, scored=sort is None)

        def ask(number: int, below: int | None) -> Found:
            wanted = translated if below is None else self._translate.below(translated, below)
            with self._reading:
                return fetch(searcher, wanted, number, sort)

        # a single segment is sorted by row: tantivy's ties are ours
        return ask(number, None) if searcher.num_segments <= 1 else exact(number, ask)

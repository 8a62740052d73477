"""``LexicalWriter`` on tantivy: in bulk for a build, and document by document for the keeper."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from indexing.lexical.base import Document, Kinds, SpacedDocument
from indexing.lexical.tantivy_errors import Writing
from indexing.lexical.tantivy_query import Translator
from indexing.lexical.tantivy_schema import CHARACTERS, ROW, WORDS, schema

_BULK_MB = 2_000


class TantivyWriter:
    """Writes one folder; a second writer on it is refused.

    What was put and deleted since the last ``commit`` is dropped by ``close``.

    Args:
        folder: an index, or a folder to make one in.
        kinds: ``columns.field_kinds`` of the shop.
        memory_mb: how much is gathered before a segment is written; at least 15.

    Raises:
        ConflictError: somebody else writes this folder.
        SnapshotError: the folder cannot be written; so do the methods say it.
    """

    def __init__(self, folder: Path, kinds: Kinds, *, memory_mb: int = 100) -> None:
        made = schema(kinds)
        self._writing = Writing(folder)
        self._translate = Translator(made, kinds)
        with self._writing:
            folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(made, path=str(folder), sort_by_field=ROW)
            # one thread: a commit makes one segment, and each segment costs every query a little
            self._writer = index.writer(memory_mb * 1_000_000, 1)

    def put(self, documents: Iterable[Document]) -> None:
        """See ``LexicalWriter.put``."""
        for document in documents:
            with self._writing:
                self._writer.delete_documents_by_query(self._translate.row(document.row))
                self._writer.add_document(_document(document.spaced()))

    def add(self, documents: Iterable[SpacedDocument]) -> int:
        """Add documents whose rows the index does not hold: a build. Returns how many."""
        added = 0
        for document in documents:
            with self._writing:
                self._writer.add_document(_document(document))
            added += 1
        return added

    def delete(self, rows: Iterable[int]) -> None:
        """See ``LexicalWriter.delete``."""
        for row in rows:
            with self._writing:
                self._writer.delete_documents_by_query(self._translate.row(row))

    def commit(self) -> None:
        """See ``LexicalWriter.commit``."""
        with self._writing:
            self._writer.commit()

    def close(self) -> None:
        """Finish merges and let others write. Nothing can be written after it."""
        with self._writing:
            self._writer.wait_merging_threads()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_index(
    folder: Path, kinds: Kinds, documents: Iterable[Document | SpacedDocument], *, memory_mb: int = _BULK_MB
) -> int:
    """Write a whole index.

    Args:
        folder: empty or absent.
        kinds: ``columns.field_kinds`` of the shop.
        documents: each row once; best in row order.
        memory_mb: as long as the documents fit, there is one segment.

    Returns:
        How many documents it holds.
    """
    with TantivyWriter(folder, kinds, memory_mb=memory_mb) as writer:
        written = writer.add(one.spaced() if isinstance(one, Document) else one for one in documents)
        writer.commit()
    return written


def _document(document: SpacedDocument) -> tantivy.Document:
    """Typed adds: an untyped number of the wrong type kills tantivy's writer."""
    made = tantivy.Document()
    made.add_unsigned(ROW, document.row)
    made.add_text(WORDS, document.words)
    made.add_text(CHARACTERS, document.characters)
    for name, value in document.values.items():
        if isinstance(value, str):
            made.add_text(name, value)
        elif isinstance(value, bool):
            made.add_boolean(name, value)
        elif isinstance(value, int | float):
            made.add_float(name, float(value) + 0.0)  # -0.0 is 0.0: tantivy orders them apart
        else:
            for text in value:
                made.add_text(name, text)
    return made

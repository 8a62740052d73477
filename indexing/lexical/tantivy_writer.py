"""``LexicalWriter`` on tantivy: in bulk for a build, and document by document for the keeper."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import tantivy

from indexing.lexical.base import Document, Kinds, SpacedDocument
from indexing.lexical.tantivy_errors import Writing
from indexing.lexical.tantivy_query import Translator
from indexing.lexical.tantivy_schema import CHARACTERS, ROW, WORDS, schema

Prepared = bytes | SpacedDocument
"""JSON, or what cannot be told in it; see :func:`prepared`."""

_BULK_MB = 2_000
_EXACT = 1e15
_encode = msgspec.json.Encoder().encode


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

    def add(self, documents: Iterable[Prepared]) -> int:
        """Add documents whose rows the index does not hold: a build. Returns how many."""
        added = 0
        for document in documents:
            with self._writing:
                if isinstance(document, bytes):
                    self._writer.add_json(document.decode())
                else:
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
    folder: Path, kinds: Kinds, documents: Iterable[Document | Prepared], *, memory_mb: int = _BULK_MB
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


def prepared(document: SpacedDocument) -> Prepared:
    """A document as the index takes it soonest: as JSON, half of the time of adding value by value, which
    another process can make. The reader of JSON rounds twice what needs more than 15 digits, so a document
    with such a number stays as it is.
    """
    fields: dict[str, object] = {
        ROW: document.row,
        WORDS: document.words,
        CHARACTERS: document.characters,
    }
    for name, value in document.values.items():
        if isinstance(value, float):
            number = value + 0.0  # -0.0 is 0.0: tantivy orders them apart
            if not _short(number):
                return document
            fields[name] = number
        else:
            fields[name] = value
    return _encode(fields)


def _short(number: float) -> bool:
    """Whether its decimal has at most 15 digits, and so few zeros that they make no difference."""
    if number.is_integer():
        return abs(number) < _EXACT
    return 1 / _EXACT < abs(number) < _EXACT and float(f"{number:.15g}") == number


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

"""tantivy's errors in our words.

=====================================  =====================================================
tantivy                                ours
=====================================  =====================================================
``ValueError``, ``OSError`` reading    ``SnapshotBroken``: a file is absent or damaged
a panic of the engine                  the same: bytes that no writer wrote
``ValueError`` with ``LockBusy``       ``ConflictError``: another process writes the folder
``ValueError``, ``OSError`` writing    ``SnapshotError``: disk full, folder gone, writer dead
``UnicodeEncodeError`` writing         ``InputError``: a text is not Unicode
=====================================  =====================================================

A panic reaches Python outside of ``Exception``, as a class that cannot be imported.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from indexing.contracts.errors import ConflictError, DaogouError, InputError, SnapshotBroken, SnapshotError


class Reading:
    """Context of calls that read the index in ``folder``. A class, since it stands around every query and
    a generator would cost as much as the query's translation."""

    __slots__ = ("_folder",)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and _from_engine(error):
            detail = f"the search index in {self._folder} cannot be read: {error}"
            raise SnapshotBroken(detail, path=str(self._folder)) from error


class Writing(Reading):
    """Context of calls that write it."""

    __slots__ = ()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and _from_engine(error):
            raise self._translated(error) from error

    def _translated(self, error: BaseException) -> DaogouError:
        if isinstance(error, UnicodeEncodeError):
            return InputError(f"a text is not Unicode: {error}", code="invalid_text")
        if "LockBusy" in str(error):
            return ConflictError(f"another process writes the search index in {self._folder}")
        detail = f"the search index in {self._folder} cannot be written: {error}"
        return SnapshotError(detail, path=str(self._folder))


def _from_engine(error: BaseException) -> bool:
    return isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException"

"""Every way in which tantivy fails is an error of ours; our own pass through."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import tantivy

from indexing.contracts.errors import ConflictError, DaogouError, InputError, SnapshotBroken, SnapshotError
from indexing.lexical.tantivy_errors import Reading, Writing
from indexing.lexical.tantivy_writer import TantivyWriter
from tests.indexing.contracts.filter_trees import KINDS
from tests.indexing.lexical.conformance import made

FOLDER = Path("/index")
_NOT_UNICODE = UnicodeEncodeError("utf-8", "a", 0, 1, "surrogates not allowed, x")


@pytest.mark.parametrize("error", [ValueError("x"), OSError("x"), _NOT_UNICODE])
def test_a_failure_to_read_is_a_broken_snapshot(error: Exception) -> None:
    """With the folder and the engine's words, and the cause kept."""
    with pytest.raises(SnapshotBroken, match=r"/index cannot be read: .*x") as caught, Reading(FOLDER):
        raise error
    assert caught.value.path == "/index"
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (ValueError("Failed to acquire Lockfile: LockBusy."), ConflictError),
        (ValueError("No space left on device"), SnapshotError),
        (OSError("No space left on device"), SnapshotError),
        (_NOT_UNICODE, InputError),
    ],
)
def test_a_failure_to_write_says_whose_fault_it_is(error: Exception, ours: type[DaogouError]) -> None:
    """Another writer, the disk, or the text."""
    with pytest.raises(ours), Writing(FOLDER):
        raise error


@pytest.mark.parametrize("error", [KeyError("x"), InputError("x"), KeyboardInterrupt()])
def test_what_is_not_the_engines_passes(error: BaseException) -> None:
    """Bugs of ours are not called damage."""
    for context in (Reading(FOLDER), Writing(FOLDER)):
        with pytest.raises(type(error)) as caught, context:
            raise error
        assert caught.value is error


def test_a_panic_is_a_broken_snapshot(capfd: pytest.CaptureFixture[str]) -> None:
    """A panic of the engine is no Exception; unseen it would end the worker."""
    index = tantivy.Index(tantivy.SchemaBuilder().build())
    with pytest.raises(SnapshotBroken, match="Limit must be greater than 0"), Reading(FOLDER):
        index.searcher().search(tantivy.Query.all_query(), limit=0)
    assert "panicked" in capfd.readouterr().err


def put_one(writer: TantivyWriter) -> None:
    writer.put([made(0, "a")])
    writer.commit()


def test_a_folder_that_went_away_is_an_error_of_the_commit(tmp_path: Path) -> None:
    """The keeper learns that nothing was written."""
    writer = TantivyWriter(tmp_path / "index", KINDS, memory_mb=15)
    shutil.rmtree(tmp_path / "index")
    with pytest.raises(SnapshotError, match="cannot be written"):
        put_one(writer)


def test_text_that_is_not_unicode_is_refused_and_the_writer_lives(tmp_path: Path) -> None:
    """One bad id does not end the keeper's work."""
    with TantivyWriter(tmp_path, KINDS, memory_mb=15) as writer:
        with pytest.raises(InputError, match="not Unicode"):
            writer.put([made(0, "a", brand="\ud800")])
        writer.put([made(1, "a")])
        writer.commit()

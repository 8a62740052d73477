"""Files that are there whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexing.contracts.errors import JournalError
from indexing.journal import Incoming, Journal
from indexing.journal.files import replaced


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """What was there is seen until the new content is complete."""
    path = tmp_path / "deep" / "file"
    with replaced(path) as temporary:
        temporary.write_text("one")
    with replaced(path) as temporary:
        temporary.write_text("two")
        assert path.read_text() == "one"
    assert path.read_text() == "two"
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """An exception in the middle leaves the old file and no litter."""
    path = tmp_path / "file"
    path.write_text("one")

    def fail() -> None:
        with replaced(path) as temporary:
            temporary.write_text("tw")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    assert path.read_text() == "one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_refuses_an_export_is_named(
    journal: Journal, incoming: Callable[..., Incoming], tmp_path: Path
) -> None:
    """An export that cannot write says where, loses nothing, and succeeds when the way is free."""
    journal.events.append([incoming("e1")])
    (journal.home / "events").write_text("in the way")
    with pytest.raises(JournalError, match=r"part-1-1\.parquet cannot be written"):
        journal.export()
    (journal.home / "events").unlink()
    assert journal.export().events.rows == 1
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(JournalError, match=r"catalogue-0\.arrow cannot be written"):
        journal.catalogue.export(tmp_path / "out")

"""Files are brought into memory: small ones first, as many as may be."""

from __future__ import annotations

import ctypes
import mmap
import os
from pathlib import Path

import pytest

from indexing.snapshots.reading_ahead import ReadingAhead

SIZES = {"large": 8 << 20, "middle": 2 << 20, "folder/small": 1 << 18}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files that the system does not hold in memory."""
    (tmp_path / "folder").mkdir()
    for name, size in SIZES.items():
        with (tmp_path / name).open("wb") as file:
            file.write(os.urandom(size))
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if any(held(tmp_path / name) for name in SIZES):
        pytest.skip("this file system keeps what was written in memory")
    return tmp_path


def held(path: Path) -> int:
    """Bytes of a file that are in memory."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as mapped:
        pages = -(-len(mapped) // mmap.PAGESIZE)
        flags = (ctypes.c_ubyte * pages)()
        start = ctypes.c_char.from_buffer(mapped)
        libc = ctypes.CDLL(None, use_errno=True)
        code = libc.mincore(ctypes.c_void_p(ctypes.addressof(start)), ctypes.c_size_t(len(mapped)), flags)
        del start
        assert code == 0
        return sum(flag & 1 for flag in flags) * mmap.PAGESIZE


def test_everything_is_read(folder: Path) -> None:
    """Also in folders below."""
    ReadingAhead(folder).join()
    assert {name: held(folder / name) for name in SIZES} == SIZES


def test_no_more_than_may_be(folder: Path) -> None:
    """The small ones; of the one that does not fit nothing."""
    ReadingAhead(folder, most=3 << 20).join()
    assert {name: held(folder / name) for name in SIZES} == SIZES | {"large": 0}


def test_what_is_gone_harms_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A snapshot may be removed at any moment: the log says so, and no more."""
    monkeypatch.setattr(ReadingAhead, "_files", lambda _: iter([tmp_path / "removed"]))
    with caplog.at_level("INFO"):
        ReadingAhead(tmp_path).join()
    assert "was not read ahead" in caplog.text

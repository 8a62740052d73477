"""What a build says about a vector index: ``index.json`` beside it, and in the snapshot's manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

IndexKind = Literal["factors", "text"]
IndexMethod = Literal["exact", "hnsw", "ivf"]

REPORT_FILE = "index.json"


class IndexReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an index was built and how good it is.

    Attributes:
        size: rows, those without a vector included.
        candidates: rows with a vector that is not all zeros.
        effort: ``efSearch`` of HNSW, probed lists of IVF, 0 for exact: the least of a rising ladder that
            reaches ``target_recall``, else the ladder's end.
        lists: of IVF, 0 else.
        recall: share of the exact best 100 found, mean over ``queries`` queries, ties counted by score.
        search_ms: mean processor time of one such search for 100, one thread.
        filtered_recall, filtered_ms: the same under a random filter that keeps half of the rows.
        seconds: of the whole build, recall included.
        bytes: of the folder's files, this one excluded.
    """

    kind: IndexKind
    method: IndexMethod
    size: int
    candidates: int
    dimension: int
    seed: int
    target_recall: float
    queries: int
    effort: int = 0
    lists: int = 0
    recall: float = 1.0
    search_ms: float = 0.0
    filtered_recall: float = 1.0
    filtered_ms: float = 0.0
    seconds: float = 0.0
    bytes: int = 0

    def write(self, folder: Path) -> None:
        """Write ``index.json``."""
        (folder / REPORT_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(self)))


def read_report(folder: Path) -> IndexReport:
    """Read ``index.json``.

    Raises:
        OSError: it is not there.
        msgspec.DecodeError: it is not what :meth:`IndexReport.write` wrote.
    """
    return msgspec.json.decode((folder / REPORT_FILE).read_bytes(), type=IndexReport)

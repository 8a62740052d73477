"""Which products shoppers touched after which query."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from indexing.contracts.shown import SHOWN_SCHEMA
from indexing.contracts.strings import SortedStrings
from indexing.text import fold
from offline.jobs.hashing import Hashes, Lookup, hash_strings
from offline.jobs.interactions import TOUCHES
from offline.jobs.log_reading import batches, open_log
from offline.jobs.progress import Progress, silent

Codes = npt.NDArray[np.int32]

_TOUCHES = pa.array(TOUCHES)


@dataclass(frozen=True, slots=True)
class Searches:
    """One entry for each product touched after a query.

    Attributes:
        queries: folded texts, different ones.
        query: int32, place in ``queries``.
        row: int32, the product.
    """

    queries: list[str]
    query: Codes
    row: Codes


@dataclass(slots=True)
class _Queries:
    """Folded texts by number; many spellings of one text have one number."""

    texts: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def codes(self, column: pa.Array) -> Codes:
        """int32, -1 where there is no text."""
        if not len(column):
            return np.zeros(0, np.int32)
        coded = column.dictionary_encode()
        numbers = [self._number(fold(text)) for text in coded.dictionary.to_pylist()]
        places = pc.fill_null(coded.indices, len(numbers)).to_numpy(zero_copy_only=False)
        found: Codes = np.array([*numbers, -1], np.int32)[places]
        return found

    def _number(self, text: str) -> int:
        if not text:
            return -1
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        return number


def read_searches(
    events: Path,
    shown: Path,
    ids: SortedStrings,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Progress = silent,
) -> Searches:
    """Join touches to queries: the event's own query, else that of the answer it came from.

    Args:
        events: folder of Parquet files of ``EVENT_SCHEMA``.
        shown: of ``SHOWN_SCHEMA``: says for which query an answer was given, where no search event does.
        ids: of the catalogue; a place in it is the row of a product.
        since, until: aware; only events with ``since <= timestamp < until``.

    Raises:
        InputError: a file is not Parquet of ``EVENT_SCHEMA``.
    """
    known = _Queries()
    asked = [_asked_in_shown(shown, known)]
    requests: list[Hashes] = []
    own: list[Codes] = []
    rows: list[Codes] = []
    log, items, done = open_log(events, since=since, until=until), Lookup(ids.array), 0
    for batch, total in batches(log, ("event", "request_id", "item_id", "query")):
        done += batch.num_rows
        asked.append(_asked(batch.filter(pc.equal(batch.column("event"), "search")), known))
        touches = batch.filter(pc.is_in(batch.column("event"), value_set=_TOUCHES))
        requests.append(hash_strings(touches.column("request_id")))
        own.append(known.codes(touches.column("query")))
        rows.append(items.find(hash_strings(touches.column("item_id"))))
        progress("read searches", done, total)
    row = np.concatenate([np.zeros(0, np.int32), *rows])
    query = np.concatenate([np.zeros(0, np.int32), *own])
    request = np.concatenate([np.zeros(0, np.uint64), *requests])
    query = np.where(query >= 0, query, _by_request(request, asked)).astype(np.int32)
    kept = (query >= 0) & (row >= 0)
    return Searches(known.texts, query[kept], row[kept])


def _asked_in_shown(shown: Path, known: _Queries) -> tuple[Hashes, Codes]:
    files = sorted(str(path) for path in shown.glob("day=*/*.parquet"))
    if not files:
        return np.zeros(0, np.uint64), np.zeros(0, np.int32)
    dataset = ds.dataset(files, schema=SHOWN_SCHEMA.remove_metadata(), format="parquet")
    queried = dataset.filter(ds.field("query").is_valid())
    parts = [_asked(batch, known) for batch in queried.to_batches(columns=["request_id", "query"])]
    requests = np.concatenate([np.zeros(0, np.uint64), *(request for request, _ in parts)])
    return requests, np.concatenate([np.zeros(0, np.int32), *(query for _, query in parts)])


def _asked(batch: pa.RecordBatch, known: _Queries) -> tuple[Hashes, Codes]:
    """Request and query of rows that have both."""
    request, query = hash_strings(batch.column("request_id")), known.codes(batch.column("query"))
    both = (request != 0) & (query >= 0)
    return request[both], query[both]


def _by_request(request: Hashes, asked: list[tuple[Hashes, Codes]]) -> Codes:
    """The query of each request, -1 where none is known; of several the first."""
    requests = np.concatenate([one for one, _ in asked])
    queries = np.concatenate([two for _, two in asked])
    known, first = np.unique(requests, return_index=True)
    if not len(known):
        return np.full(len(request), -1, np.int32)
    places = np.minimum(np.searchsorted(known, request), len(known) - 1)
    found: Codes = np.where(known[places] == request, queries[first[places]], -1).astype(np.int32)
    return found

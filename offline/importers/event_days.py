"""Imported events to Parquet days: ``events/day=YYYY-MM-DD/import-<source>-<part>.parquet``.

The day is that of the event's own ``timestamp``. File names come from the hash of the source, so that
importing the same file again replaces what it wrote before. Nothing is visible before all is written:
parts are staged in a hidden folder and moved in at the end; a killed import leaves only its stage.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from indexing.contracts.event_table import event_table
from indexing.contracts.events import Event

PART_ROWS = 1_000_000
"""Events that are parted into days at once. Fewer make a file for every day and every hundred ratings."""
_PIECE = 50_000
"""Events that become Arrow at once: they take a tenth of the room there."""
_DAY = 86_400_000_000
Pair = tuple[str | None, str | None]
FindShoppers = Callable[[Sequence[Pair]], Sequence[str]]


def source_hash(path: Path) -> str:
    """First 12 hexadecimal digits of the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


class EventDays:
    """Takes events one by one, gives them ids and shoppers, writes them by day.

    Args:
        folder: ``events`` of the shop's home.
        source: names the files; the hash of what is imported.
        shoppers: maps pairs of ``client_id`` and ``user_id`` to shoppers, in their order.
        received_at: of the import, aware.
        seen: the ids taken so far, of files imported together; changed here.
    """

    def __init__(
        self,
        folder: Path,
        source: str,
        shoppers: FindShoppers,
        received_at: datetime,
        *,
        seen: set[bytes] | None = None,
    ) -> None:
        self._folder, self._source, self._received = folder, source, received_at
        self._find = shoppers
        self._shoppers: dict[Pair, str] = {}
        self._stage = folder / f".import-{source}"
        self._waiting: list[tuple[Event, str]] = []
        self._pieces: list[pa.Table] = []
        self._seen = set() if seen is None else seen  # 12 bytes an event: 100 MB a million
        self._ordinals: Counter[bytes] = Counter()
        self._part = 0
        shutil.rmtree(self._stage, ignore_errors=True)

    def add(self, event: Event) -> bool:
        """Take an event; False when one with its id was taken before. An event without an id gets one
        from a hash of itself and its ordinal among identical ones."""
        event_id = event.event_id or self._made(event)
        key = hashlib.blake2b(event_id.encode(), digest_size=12).digest()
        if key in self._seen:
            return False
        self._seen.add(key)
        self._take(event, event_id)
        return True

    def add_row(self, event: Event, row: int) -> None:
        """Take the one event of a row of the source: the two together are its id, so that nothing need be
        remembered of a hundred million of them."""
        self._take(event, f"import-{self._source}-{row}")

    def finish(self) -> list[Path]:
        """Move everything in; what an earlier import of the same source wrote is replaced."""
        self._pack()
        self._write()
        old = set(self._folder.glob(f"day=*/import-{self._source}-*.parquet"))
        new: list[Path] = []
        for staged in sorted(self._stage.rglob("*.parquet")):
            target = self._folder / staged.relative_to(self._stage)
            target.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(target)
            new.append(target)
        for path in old - set(new):
            path.unlink()
        shutil.rmtree(self._stage, ignore_errors=True)
        return new

    def _made(self, event: Event) -> str:
        body = hashlib.blake2b(msgspec.json.encode(event), digest_size=16).digest()
        self._ordinals[body] += 1
        return f"import-{body.hex()}-{self._ordinals[body]}"

    def _take(self, event: Event, event_id: str) -> None:
        self._waiting.append((event, event_id))
        if len(self._waiting) >= _PIECE:
            self._pack()
            if sum(map(len, self._pieces)) >= PART_ROWS:
                self._write()

    def _pack(self) -> None:
        if not self._waiting:
            return
        pairs = [(one.client_id, one.user_id) if one.consent else None for one, _ in self._waiting]
        new = [pair for pair in dict.fromkeys(pairs) if pair and pair not in self._shoppers]
        if new:
            self._shoppers.update(zip(new, self._find(new), strict=True))
        count = len(self._waiting)
        table = event_table(
            [_without_person(event) for event, _ in self._waiting],
            event_ids=[event_id for _, event_id in self._waiting],
            received_at=[self._received] * count,
            shoppers=[self._shoppers[pair] if pair else None for pair in pairs],
            origins=["import"] * count,
        )
        self._pieces.append(table)
        self._waiting = []

    def _write(self) -> None:
        if not self._pieces:
            return
        table = pa.concat_tables(self._pieces)
        self._pieces = []
        days = table.column("timestamp").cast(pa.int64()).to_numpy() // _DAY
        table = table.take(np.argsort(days, kind="stable"))
        start = 0
        for day, count in zip(*np.unique(days, return_counts=True), strict=True):
            name = datetime.fromtimestamp(int(day) * _DAY / 1e6, UTC).date().isoformat()
            path = self._stage / f"day={name}" / f"import-{self._source}-{self._part:05d}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(table.slice(start, count), path, compression="zstd")
            start += count
        self._part += 1


def _without_person(event: Event) -> Event:
    return event if event.consent else msgspec.structs.replace(event, session_id=None)

"""Imported events to Parquet days: ``events/day=YYYY-MM-DD/import-<source>-<part>.parquet``.

The day is that of the event's own ``timestamp``. File names come from the hash of the source, so that
importing the same file again replaces what it wrote before. Nothing is visible before all is written:
parts are staged in a hidden folder and moved in at the end; a killed import leaves only its stage.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from indexing.contracts.event_table import event_table
from indexing.contracts.events import Event

PART_ROWS = 100_000
FindShopper = Callable[[str | None, str | None], "Future[str]"]


def source_hash(path: Path) -> str:
    """First 12 hexadecimal digits of the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


class EventDays:
    """Takes events one by one, gives them ids and shoppers, writes them by day.

    Args:
        folder: ``events`` of the shop's home.
        source: names the files; the hash of what is imported.
        shopper: maps ``client_id`` and ``user_id`` to a shopper, now or soon.
        received_at: of the import, aware.
        seen: the ids taken so far, of files imported together; changed here.
    """

    def __init__(
        self,
        folder: Path,
        source: str,
        shopper: FindShopper,
        received_at: datetime,
        *,
        seen: set[bytes] | None = None,
    ) -> None:
        self._folder, self._source, self._received = folder, source, received_at
        self._shopper = shopper
        self._shoppers: dict[tuple[str | None, str | None], Future[str]] = {}
        self._stage = folder / f".import-{source}"
        self._waiting: list[tuple[Event, str]] = []
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
        self._waiting.append((event, event_id))
        if event.consent:
            self._ask(event)
        if len(self._waiting) >= PART_ROWS:
            self._flush()
        return True

    def finish(self) -> list[Path]:
        """Move everything in; what an earlier import of the same source wrote is replaced."""
        self._flush()
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

    def _ask(self, event: Event) -> Future[str]:
        pair = (event.client_id, event.user_id)
        if pair not in self._shoppers:
            self._shoppers[pair] = self._shopper(*pair)
        return self._shoppers[pair]

    def _flush(self) -> None:
        days: dict[str, list[tuple[Event, str]]] = defaultdict(list)
        for event, event_id in self._waiting:
            days[event.timestamp.date().isoformat()].append((event, event_id))
        for day, rows in sorted(days.items()):
            path = self._stage / f"day={day}" / f"import-{self._source}-{self._part:05d}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            table = event_table(
                [_without_person(event) for event, _ in rows],
                event_ids=[event_id for _, event_id in rows],
                received_at=[self._received] * len(rows),
                shoppers=[self._ask(event).result() if event.consent else None for event, _ in rows],
                origins=["import"] * len(rows),
            )
            pq.write_table(table, path, compression="zstd")
        self._waiting = []
        self._part += 1


def _without_person(event: Event) -> Event:
    return event if event.consent else msgspec.structs.replace(event, session_id=None)

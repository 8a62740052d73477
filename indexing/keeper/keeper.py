"""The keeper: one process a host, which alone writes what is live."""

from __future__ import annotations

import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from indexing.contracts.errors import DaogouError, SnapshotError
from indexing.journal import Journal, open_journal
from indexing.keeper.current import Current, read_current, write_current
from indexing.keeper.folder import folder_of, is_sound, prepare, remove, sweep
from indexing.keeper.lock import keeper_lock
from indexing.keeper.writer import LiveWriter
from indexing.snapshots import Snapshot, list_snapshots, previous, verify
from indexing.snapshots.manifest import read_manifest
from indexing.snapshots.snapshot import check_lengths
from indexing.snapshots.store import snapshots_folder

_log = structlog.get_logger("indexing.keeper")

COMMIT_S = 0.5
"""Shortest time from commit to commit: each makes a segment of the search index."""

LOOK_S = 0.02
"""How often to look for changes while there are none; a look costs .15 ms."""

CHECK_S = 1.0
"""How often to look whether what was written is still there."""

RETRY_S = 5.0
"""What could not be prepared or written is tried again after this; another snapshot at once."""

GRACE_S = 10.0
"""How long the snapshot that was served before stays live: workers open the next one meanwhile."""

_WORK_S = 0.25  # of one live folder, before the others have their turn


@dataclass(slots=True)
class _Kept:
    """A live folder that is being written; ``due`` is when it may be committed again."""

    writer: LiveWriter
    due: float = 0.0


class Keeper:
    """Keeps the live folder of the snapshot that is served, and of one about to be, up with the catalogue.

    Args:
        home: the shop's folder; it must exist.
        commit_s: see :data:`COMMIT_S`.
    """

    def __init__(self, home: Path, *, commit_s: float = COMMIT_S) -> None:
        self._home = home
        self._commit_s = commit_s
        self._kept: dict[str, _Kept] = {}
        self._current: Current | None = None
        self._leaving: dict[str, float] = {}
        self._failed: dict[str, float] = {}
        self._unproven: set[str] = set()
        self._deputy: str | None = None
        self._looked = 0.0

    def run(self, stopping: threading.Event) -> None:
        """Work until told to stop.

        Raises:
            ConflictError: this shop has a keeper already.
            JournalError: there is no shop in ``home``.
        """
        with keeper_lock(self._home), open_journal(self._home) as journal:
            self._begin(journal)
            try:
                while not stopping.is_set():
                    if not self._turn(journal):
                        stopping.wait(LOOK_S)
            finally:
                for name in list(self._kept):
                    self._drop(name)

    def _begin(self, journal: Journal) -> None:
        """What the keeper before has left: go on with what is published, forget the rest.

        Nobody has looked at its files since it was published, and of damaged ones a page may be wrong.
        """
        pointer = journal.control.pointer()
        self._unproven = {one.name for one in list_snapshots(self._home)}
        self._say(Current(None))
        removed = sweep(self._home, keep={pointer} if pointer else set())
        _log.info("keeper started", home=str(self._home), snapshot=pointer, removed=removed)

    def _turn(self, journal: Journal) -> bool:
        """One look at everything. Returns whether there was something to do."""
        try:
            pointer = journal.control.pointer()
            self._look_after(journal)
            self._open(pointer)
            self._deputy = self._instead_of(pointer, journal)
            self._open(self._deputy)
            busy = [self._follow(name, journal) for name in list(self._kept)]
        except DaogouError as error:  # the journal cannot be read now
            _log.error("the catalogue cannot be followed", code=error.code, detail=str(error))
            time.sleep(min(RETRY_S, 1.0))
            return True
        if pointer is not None:
            self._promote(pointer)
        if self._deputy is not None and self._current is not None:
            self._promote(self._deputy, self._current.trouble)
        self._clear(pointer)
        return any(busy)

    def _instead_of(self, pointer: str | None, journal: Journal) -> str | None:
        """What a rollback would serve, while what is published cannot be and nothing else is: an older list
        is better than a closed shop, and its prices are those of today."""
        if pointer is None or pointer in self._kept or pointer not in self._failed:
            return None
        if self._current is not None and self._current.snapshot not in {None, self._deputy}:
            return None
        return self._deputy or previous(self._home, journal.control)

    def _open(self, name: str | None) -> None:
        """Begin to keep a snapshot."""
        if name is None or name in self._kept or time.monotonic() < self._failed.get(name, 0.0):
            return
        started = time.monotonic()
        path = snapshots_folder(self._home) / name
        try:
            if name in self._unproven:
                verify(path)  # of a million products .9 s, or as long as the disk takes to read them
                self._unproven.discard(name)
            snapshot = Snapshot.open(path)
            try:
                writer = self._writer(snapshot)
            except BaseException:
                snapshot.close()
                raise
        except (DaogouError, OSError, ValueError, LookupError, sqlite3.Error) as error:
            self._fail(name, error)
            return
        self._kept[name] = _Kept(writer)
        _log.info("live folder opened", snapshot=name, seq=writer.seq, took_s=_since(started))

    def _writer(self, snapshot: Snapshot) -> LiveWriter:
        """On the folder that is there, or on a new one: it follows from the snapshot and the journal."""
        folder = folder_of(self._home, snapshot.snapshot_name)
        if is_sound(folder):
            try:
                return LiveWriter(snapshot, folder)
            except (SnapshotError, OSError, ValueError, LookupError, sqlite3.Error) as error:
                _log.warning("live folder damaged", snapshot=snapshot.snapshot_name, detail=str(error))
        prepare(self._home, snapshot)
        return LiveWriter(snapshot, folder)

    def _look_after(self, journal: Journal) -> None:
        """Make again what somebody took away or overwrote: a worker that starts would miss it. A snapshot
        that lost a file, or a part of one, is left for the one before it, where there is one."""
        if time.monotonic() < self._looked + CHECK_S:
            return
        self._looked = time.monotonic()
        for name in list(self._kept):
            if not is_sound(folder_of(self._home, name)):
                _log.warning("live folder gone", snapshot=name)
                self._drop(name)
                continue
            served = self._current is not None and self._current.snapshot == name
            if served and (error := self._lost(name)):
                self._leave(name, error, journal)
        if self._current is not None and read_current(self._home) != self._current:
            write_current(self._home, self._current)

    def _leave(self, name: str, error: SnapshotError, journal: Journal) -> None:
        before = previous(self._home, journal.control)
        if before is None or before == name or self._lost(before):
            return  # what workers have mapped is better than nothing
        self._drop(name)
        self._unproven.add(name)
        self._current = None
        self._fail(name, error)

    def _lost(self, name: str) -> SnapshotError | None:
        """What a snapshot has lost: a file, or a part of one."""
        path = snapshots_folder(self._home) / name
        try:
            check_lengths(path, read_manifest(path))
        except SnapshotError as error:
            return error
        return None

    def _follow(self, name: str, journal: Journal) -> bool:
        kept = self._kept[name]
        now = time.monotonic()
        if kept.writer.published and now < kept.due:
            return False
        try:
            taken = kept.writer.follow(journal.catalogue.changes, seconds=_WORK_S)
        except (DaogouError, OSError, ValueError, LookupError, sqlite3.Error) as error:
            self._drop(name)
            self._fail(name, error)
            return False
        if taken:
            kept.due = now + self._commit_s
            _log.debug("committed", snapshot=name, seq=kept.writer.seq, changes=taken, took_s=_since(now))
        return not kept.writer.published

    def _promote(self, name: str, trouble: str | None = None) -> None:
        """Tell workers of a snapshot, once its folder holds today's catalogue.

        Args:
            trouble: why another one is published.
        """
        kept = self._kept.get(name)
        if kept is None or not kept.writer.published:
            return
        before = self._current.snapshot if self._current else None
        if before == name and self._current is not None and self._current.trouble == trouble:
            return
        if before is not None and before != name:
            self._leaving[before] = time.monotonic() + GRACE_S
        self._leaving.pop(name, None)
        self._failed.pop(name, None)
        self._say(Current(name, kept.writer.seq, trouble))
        _log.info("live", snapshot=name, seq=kept.writer.seq, before=before, trouble=trouble)

    def _clear(self, pointer: str | None) -> None:
        """Remove the folders of snapshots that nobody serves any more."""
        current = self._current.snapshot if self._current else None
        now = time.monotonic()
        for name in list(self._kept):
            if name not in {pointer, current, self._deputy} and now > self._leaving.get(name, 0.0):
                self._drop(name)
                self._leaving.pop(name, None)
                remove(folder_of(self._home, name))
                _log.info("live folder removed", snapshot=name)

    def _fail(self, name: str, error: Exception) -> None:
        """Say so and try later; workers go on with what they have."""
        self._failed[name] = time.monotonic() + RETRY_S
        detail = f"snapshot {name} cannot be kept live: {error}"
        if self._current is None or self._current.trouble != detail:  # once, not at every try
            _log.error("not live", snapshot=name, detail=detail)
        served = self._current.snapshot if self._current else None
        seq = self._current.seq if self._current else 0
        self._say(Current(served, seq, detail))

    def _drop(self, name: str) -> None:
        try:
            self._kept.pop(name).writer.close()
        except (DaogouError, OSError, sqlite3.Error) as error:
            _log.warning("live folder not closed", snapshot=name, detail=str(error))

    def _say(self, current: Current) -> None:
        self._current = current
        write_current(self._home, current)


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)

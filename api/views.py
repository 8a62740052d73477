"""Keeps the view current: looks at the control database, opens what is published, lets go of what was."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog

from api.view import ControlStore, Policy, Source, View
from indexing.contracts.errors import DaogouError, SnapshotMissing
from indexing.snapshots.catalogue import Catalogue
from recsys import RecommendEngine
from search import SearchEngine

_log = structlog.get_logger("api.views")
RETRY_SECONDS = 5.0
"""A snapshot that could not be opened is tried again after this; another one at once."""


class _Open:
    """An open snapshot and the requests that use it."""

    __slots__ = ("first", "holders", "name", "recommend", "retired")

    def __init__(self, name: str, catalogue: Catalogue) -> None:
        self.name = name
        self.first = catalogue
        self.recommend = RecommendEngine(catalogue)
        self.holders = 0
        self.retired = False


class Views:
    """The current view, and the way to the next one. Lives on one event loop.

    Args:
        control: the control database.
        source: opens snapshots.
        poll_seconds: how often to look.

    Attributes:
        trouble: why the snapshot that is published is not the one being served, None when it is.
        opened_at: when the current snapshot was opened, seconds since the epoch.
    """

    def __init__(self, control: ControlStore, source: Source, *, poll_seconds: float = 0.25) -> None:
        self._control = control
        self._source = source
        self._poll_seconds = poll_seconds
        self._open: _Open | None = None
        self._view: View | None = None
        self._failed: tuple[str, float] | None = None
        self._task: asyncio.Task[None] | None = None
        self.trouble: DaogouError | None = None
        self.opened_at: float = 0.0

    @property
    def current(self) -> View | None:
        """The view now, None while nothing can be served; for looking, not for a request's length."""
        return self._view

    @contextmanager
    def hold(self) -> Iterator[View]:
        """The current view for the length of a request.

        Raises:
            SnapshotMissing, SnapshotBroken, SnapshotNewer: there is none, and why.
        """
        view, held = self._view, self._open
        if view is None or held is None:
            raise self.trouble or SnapshotMissing(
                "nothing is published yet; 'daogou build' makes a snapshot"
            )
        held.holders += 1
        try:
            yield view
        finally:
            held.holders -= 1
            if held.retired and not held.holders:
                self._source.close(held.first)

    async def start(self) -> None:
        """Look once, then again and again."""
        await self.look()
        self._task = asyncio.create_task(self._poll(), name="views")

    async def stop(self) -> None:
        """No longer look; let go."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._retire()
        self._view = None

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._poll_seconds)
            await self.look()

    async def look(self) -> None:
        """Take over what has changed. Whatever goes wrong, what was served is served on."""
        try:
            await self._look()
        except DaogouError as error:
            self._report(error)
        except Exception as error:  # noqa: BLE001 - a shop that cannot follow must still serve
            _log.error("the view could not be brought up to date", exc_info=error)
            self._report(SnapshotMissing(f"the snapshot could not be opened: {type(error).__name__}"))
        else:
            self.trouble = None

    async def _look(self) -> None:
        pointer, policy = await asyncio.to_thread(self._read)
        if pointer is None:
            raise SnapshotMissing("nothing is published yet; 'daogou build' makes a snapshot")
        if self._open is None or self._open.name != pointer:
            await self._change(pointer)
        if self._open is None:
            return
        before = self._view
        catalogue = self._source.newest(before.catalogue if before else self._open.first)
        if before is None or catalogue is not before.catalogue or policy.seq != before.policy.seq:
            same = before is not None and catalogue is before.catalogue
            search = before.search if same and before else SearchEngine(catalogue)
            recommend = before.recommend if same and before else self._open.recommend.on(catalogue)
            self._view = View(catalogue, policy, search, recommend)

    def _read(self) -> tuple[str | None, Policy]:
        pointer, seq = self._control.pointer(), self._control.seq()
        if self._view is not None and self._view.policy.seq == seq:
            return pointer, self._view.policy
        # seq first: what is published meanwhile is read again at the next look
        profiles = {profile.name: profile for profile in self._control.profiles()}
        policy = Policy(seq, profiles, self._control.experiments(), self._control.rules())
        return pointer, policy

    async def _change(self, name: str) -> None:
        if self._failed and self._failed[0] == name and time.monotonic() - self._failed[1] < RETRY_SECONDS:
            if self.trouble is not None:
                raise self.trouble
            return
        try:
            opened = await asyncio.to_thread(lambda: _Open(name, self._source.open(name)))
        except Exception:
            self._failed = (name, time.monotonic())
            raise
        self._failed = None
        self._retire()
        self._open, self._view, self.opened_at = opened, None, time.time()
        _log.info("snapshot opened", snapshot=name)

    def _retire(self) -> None:
        if self._open is None:
            return
        self._open.retired = True
        if not self._open.holders:
            self._source.close(self._open.first)
        self._open = None

    def _report(self, error: DaogouError) -> None:
        if self.trouble is None or str(self.trouble) != str(error):
            _log.warning("not serving what is published", code=error.code, detail=str(error))
        self.trouble = error

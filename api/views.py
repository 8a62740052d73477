"""Keeps the view current: looks at the control database, opens what is published, lets go of what was."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import structlog

from api.view import ControlStore, Policy, Source, View
from indexing.contracts.errors import DaogouError, SnapshotBroken, SnapshotError, SnapshotMissing
from indexing.snapshots.catalogue import Catalogue
from recsys import RecommendEngine, RecommendRequest
from search import SearchEngine, SearchRequest, SuggestRequest

_log = structlog.get_logger("api.views")
START_SECONDS = 10.0
"""How long a worker waits for its first snapshot before it takes requests without one."""
RETRY_SECONDS = 5.0
"""A snapshot that could not be opened is tried again after this; another one at once."""


class _Open:
    """An open snapshot and the requests that use it."""

    __slots__ = ("first", "holders", "name", "retired")

    def __init__(self, name: str, catalogue: Catalogue) -> None:
        self.name = name
        self.first = catalogue
        self.holders = 0
        self.retired = False


class Views:
    """The current view, and the way to the next one. Lives on one event loop.

    Args:
        control: the control database.
        source: opens snapshots.
        poll_seconds: how often to look.
        after_look: called each time.

    Attributes:
        trouble: why the snapshot that is published is not the one being served, None when it is.
        opened_at: when the current snapshot was opened, seconds since the epoch.
    """

    def __init__(
        self,
        control: ControlStore,
        source: Source,
        *,
        poll_seconds: float = 0.25,
        after_look: Callable[[], None] = lambda: None,
    ) -> None:
        self._control = control
        self._source = source
        self._poll_seconds = poll_seconds
        self._after_look = after_look
        self._open: _Open | None = None
        self._view: View | None = None
        self._failed: tuple[str, float, DaogouError] | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_coming = False
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
        """Look until something is served, or for some seconds; then go on looking behind the requests.

        A keeper that was started at the same moment needs a second to bring the live catalogue up to date.
        """
        await self.look()
        deadline = time.monotonic() + START_SECONDS
        while self._view is None and self._is_coming and time.monotonic() < deadline:
            await asyncio.sleep(self._poll_seconds)
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
        self._after_look()

    async def _look(self) -> None:
        pointer, policy = await asyncio.to_thread(self._read)
        self._is_coming = pointer is not None
        try:
            name = await asyncio.to_thread(self._source.serving, pointer)
        except SnapshotError as error:
            self._is_coming = isinstance(error, SnapshotMissing)  # else somebody must mend it first
            raise
        if name is None:
            raise SnapshotMissing("nothing is published yet; 'daogou build --publish' makes a snapshot")
        if self._open is None or self._open.name != name:
            await self._change(name, policy)
            return
        before = self._view
        assert before is not None
        try:
            catalogue = await asyncio.to_thread(self._source.newest, before.catalogue)
        except SnapshotError:
            self._view = await asyncio.to_thread(self._next, before, before.catalogue, policy)
            raise
        self._view = await asyncio.to_thread(self._next, before, catalogue, policy)

    def _read(self) -> tuple[str | None, Policy]:
        # seq first: what is published meanwhile is read again at the next look
        pointer, seq = self._control.pointer(), self._control.seq()
        if self._view is not None and self._view.policy.seq == seq:
            return pointer, self._view.policy
        profiles = {profile.name: profile for profile in self._control.profiles()}
        policy = Policy(seq, profiles, self._control.experiments(), self._control.rules())
        return pointer, policy

    def _next(self, before: View, catalogue: Catalogue, policy: Policy) -> View:
        """The view after ``before``, which is that view itself when nothing has changed."""
        same = catalogue is before.catalogue
        if same and policy.seq == before.policy.seq:
            return before
        search = before.search if same else SearchEngine(catalogue)
        recommend = before.recommend if same else before.recommend.on(catalogue)
        return View(catalogue, policy, search, recommend, before=before)

    async def _change(self, name: str, policy: Policy) -> None:
        if self._failed and self._failed[0] == name and time.monotonic() - self._failed[1] < RETRY_SECONDS:
            raise self._failed[2]
        try:
            view = await asyncio.to_thread(self._opened, name, policy)
        except DaogouError as error:
            self._failed = (name, time.monotonic(), error)
            self._is_coming = False
            raise
        self._failed = None
        self._retire()
        self._open, self._view, self.opened_at = _Open(name, view.catalogue), view, time.time()
        _log.info("snapshot opened", snapshot=name, version=view.version)

    def _opened(self, name: str, policy: Policy) -> View:
        catalogue = self._source.open(name)
        try:
            return _first_view(catalogue, policy)
        except BaseException:
            self._source.close(catalogue)
            raise

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


def _first_view(catalogue: Catalogue, policy: Policy) -> View:
    """Engines over a snapshot, tried once: what cannot answer is not served, and what can is warm.

    Raises:
        SnapshotBroken: it cannot answer.
    """
    view = View(catalogue, policy, SearchEngine(catalogue), RecommendEngine(catalogue))
    now = datetime.now(UTC)
    try:
        view.search.search(SearchRequest("a", facets=None))
        view.search.suggest(SuggestRequest("a"))
        view.recommend.recommend(RecommendRequest("home", now))
    except DaogouError:
        raise
    except Exception as error:
        raise SnapshotBroken(f"{catalogue.snapshot_name} does not answer: {error!r}") from error
    return view

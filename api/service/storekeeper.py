"""The service without HTTP: what the API and the pages both use."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from api.cursor import CursorBox
from api.keys import Keyring
from api.lane import Lane
from api.metrics import Metrics
from api.problems import NotReady
from api.secrets import open_secret
from api.service.asking import who_asks
from api.service.context import Context
from api.service.gathering import lists_of, run_lists
from api.service.ledger import Ledger
from api.service.people import People
from api.service.recommending import RecommendJob
from api.service.recording import Envelope, Recorder
from api.service.searching import SearchJob
from api.service.showing import logs_features
from api.service.standing import Standing
from api.service.stocking import Stock
from api.service.suggesting import SuggestJob
from api.settings import Settings
from api.types import (
    EventsAnswer,
    MultiAnswer,
    MultiBody,
    RecommendAnswer,
    RecommendBody,
    SearchAnswer,
    SearchBody,
    SuggestAnswer,
    SuggestBody,
)
from api.types.shared import Note
from api.view import Source
from api.views import Views
from indexing.contracts.errors import ConfigError
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop, load_shop
from indexing.journal import Journal

_log = structlog.get_logger("api.storekeeper")


class Storekeeper:
    """Everything a shop's service does. Lives on one event loop; see :meth:`start`.

    Args:
        settings: of the process.
        journal: opened by the caller, closed by the caller.
        source: opens snapshots.

    Attributes:
        keys: admits callers.
        views: what is being served.
        stock: the catalogue's changes.
        lane: the engine's queue.
        standing: what is missing, if anything.
        metrics: counted here and at the edge.
    """

    def __init__(
        self, settings: Settings, journal: Journal, source: Source, *, metrics: Metrics | None = None
    ) -> None:
        self.settings = settings
        self.journal = journal
        self.metrics = metrics or Metrics()
        self.keys = Keyring(journal.control)
        self.views = Views(
            journal.control,
            source,
            poll_seconds=settings.poll_seconds,
            after_look=lambda: self.standing.measure(self.metrics),
        )
        self.lane = Lane(settings.most_waiting, name="engine")
        self._reading = Lane(settings.most_waiting, name="people")
        self.people = People(
            journal.people, journal.events, self._reading, secret=open_secret(settings.secrets, "users")
        )
        self.stock = Stock(journal.catalogue)
        self.standing = Standing(
            settings.home,
            journal,
            self.views,
            self.lane,
            self._reading,
            most_waiting=settings.most_waiting,
        )
        self._ledger = Ledger(journal.shown, self.metrics)
        self._recorder = Recorder(journal.events, self.people, self.metrics)
        self._cursors = CursorBox(open_secret(settings.secrets, "cursor"), seconds=settings.cursor_seconds)
        self._declared = _declared(settings.home)

    @property
    def declaration(self) -> Shop:
        """What the shop declares: in the snapshot being served, else in ``shop.toml``.

        Raises:
            NotReady: there is no snapshot, and ``shop.toml`` cannot be read.
        """
        view = self.views.current
        if view:
            return view.catalogue.shop
        if self._declared is None:
            raise NotReady([Note("no_declaration", "shop.toml cannot be read; the log has the reason")])
        return self._declared

    async def start(self) -> None:
        """Open what is published and follow it from now on."""
        await self.views.start()

    async def stop(self) -> None:
        """Finish what runs, close the snapshot. The journal stays open."""
        await asyncio.to_thread(self.lane.close)
        await asyncio.to_thread(self._reading.close)
        await self.views.stop()

    async def search(self, body: SearchBody, context: Context) -> SearchAnswer:
        """A page of results.

        Raises:
            InputError, SnapshotError, Overloaded: see ``api.problems``.
        """
        with self.views.hold() as view:
            asking = await who_asks(self.people, view, body, context)
            features = logs_features(context.request_id, self.settings.feature_share)
            job = SearchJob(body, asking, features, self.settings.deadline_ms)
            done = await self.lane.run(lambda: job.run(view))
        self._ledger.search(asking, body, done)
        return done.answer

    async def suggest(self, body: SuggestBody, context: Context) -> SuggestAnswer:
        """What the shopper may be about to type."""
        with self.views.hold() as view:
            asking = await who_asks(self.people, view, body, context)
            job = SuggestJob(body, asking)
            answer = await self.lane.run(lambda: job.run(view))
        self._ledger.suggest(answer)
        return answer

    async def recommend(self, body: RecommendBody, context: Context) -> RecommendAnswer:
        """A list, or its next page."""
        with self.views.hold() as view:
            asking = await who_asks(self.people, view, body, context)
            job = RecommendJob(body, asking, context.request_id, self._cursors)
            done = await self.lane.run(lambda: job.run(view))
        self._ledger.recommend(asking, body, done)
        return done.answer

    async def multi(self, body: MultiBody, context: Context) -> MultiAnswer:
        """The lists of a page; none shows a product of an earlier one.

        Raises:
            InputError: ``repeated``: two lists of one name.
        """
        bodies = lists_of(body)
        with self.views.hold() as view:
            asking = await who_asks(self.people, view, body, context)
            done = await self.lane.run(lambda: run_lists(bodies, asking, self._cursors, view))
        for one, found in zip(bodies, done, strict=True):
            self._ledger.recommend(asking, one, found)
        names = [one.name for one in body.lists]
        return MultiAnswer({name: found.answer for name, found in zip(names, done, strict=True)})

    async def record(self, envelope: Envelope, context: Context) -> EventsAnswer:
        """Store events; what is accepted is on the disk."""
        return await self._recorder.record(envelope, self.declaration, context)

    async def item(self, item_id: str) -> Item:
        """A product as it is now.

        Raises:
            NotFoundError: there is none.
        """
        return await self._reading.run(lambda: self.stock.get(item_id))


def _declared(home: Path) -> Shop | None:
    """What ``shop.toml`` declares; None when it cannot be read: a published shop opens without it."""
    try:
        return load_shop(home / "shop.toml")
    except ConfigError as error:
        _log.error("shop.toml cannot be read", why=str(error))
        return None

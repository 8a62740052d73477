"""The service without HTTP: what the API and the pages both use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from api.assign import Assigned, assign_profile
from api.cursor import CursorBox
from api.keys import Keyring
from api.lane import Lane
from api.metrics import Metrics
from api.problems import Overloaded
from api.secrets import open_secret
from api.service.context import Context, new_request_id
from api.service.people import People, Person
from api.service.recommending import Recommended, RecommendJob
from api.service.recording import Envelope, Recorder
from api.service.searching import SearchJob
from api.service.showing import Answered, logs_features, shown_of
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
from api.types.shared import Note, Visitor
from api.view import Source, View
from api.views import Views
from indexing.contracts.errors import InputError, JournalError, SnapshotMissing
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop, load_shop
from indexing.contracts.shown import Slot
from indexing.journal import Journal
from indexing.keeper import keeper_alive

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Who:
    """A person, the profile that answers them, and who asked."""

    person: Person
    assigned: Assigned
    visitor: Visitor
    context: Context


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
        metrics: counted here and at the edge.
    """

    def __init__(
        self, settings: Settings, journal: Journal, source: Source, *, metrics: Metrics | None = None
    ) -> None:
        self.settings = settings
        self.journal = journal
        self.metrics = metrics or Metrics()
        self.keys = Keyring(journal.control)
        self.views = Views(journal.control, source, poll_seconds=settings.poll_seconds)
        self.lane = Lane(settings.most_waiting, name="engine")
        self._reading = Lane(settings.most_waiting, name="people")
        self.people = People(
            journal.people, journal.events, self._reading, secret=open_secret(settings.secrets, "users")
        )
        self.stock = Stock(journal.catalogue)
        self._recorder = Recorder(journal.events, self.people, self.metrics)
        self._cursors = CursorBox(open_secret(settings.secrets, "cursor"), seconds=settings.cursor_seconds)
        self._declared = load_shop(settings.home / "shop.toml")

    @property
    def declaration(self) -> Shop:
        """What the shop declares: in the snapshot being served, else in ``shop.toml``."""
        view = self.views.current
        return view.catalogue.shop if view else self._declared

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
            who = await self._who(view, body, context, body.profile, personal=body.personalized)
            features = logs_features(context.request_id, self.settings.feature_share)
            job = SearchJob(
                body, who.person, who.assigned, context.request_id, features, self.settings.deadline_ms
            )
            done = await self._run(lambda: job.run(view))
            page_of = body.page_of if body.page > 1 else None
            self._log(who, done.answer.version, "search", done.slots, body=body, page_of=page_of)
            self._measure("search", done.answer.timings_ms, done.answer.notes, empty=not done.answer.total)
        return done.answer

    async def suggest(self, body: SuggestBody, context: Context) -> SuggestAnswer:
        """What the shopper may be about to type."""
        with self.views.hold() as view:
            who = await self._who(view, body, context, None, personal=False)
            job = SuggestJob(body, who.person, who.assigned, context.request_id)
            answer = await self._run(lambda: job.run(view))
            self._measure("suggest", answer.timings_ms, answer.notes, empty=not answer.suggestions)
        return answer

    async def recommend(self, body: RecommendBody, context: Context) -> RecommendAnswer:
        """A list, or its next page."""
        with self.views.hold() as view:
            who = await self._who(view, body, context, body.profile, personal=body.personalized)
            job = self._job(body, who, context.request_id)
            done = await self._run(lambda: job.run(view))
            self._finish(who, body, done)
        return done.answer

    async def multi(self, body: MultiBody, context: Context) -> MultiAnswer:
        """The lists of a page; none shows a product of an earlier one."""
        names = [one.name for one in body.lists]
        if repeated := next((place for place, name in enumerate(names) if name in names[:place]), None):
            raise InputError(
                f"two lists have the name {names[repeated]!r}",
                field=f"lists[{repeated}].name",
                code="repeated",
            )
        bodies = [_single(body, place) for place in range(len(names))]
        with self.views.hold() as view:
            who = await self._who(view, body, context, body.profile, personal=body.personalized)
            lists = await self._run(lambda: self._lists(bodies, who, view))
            for one, done in zip(bodies, lists, strict=True):
                self._finish(who, one, done)
        return MultiAnswer({name: done.answer for name, done in zip(names, lists, strict=True)})

    async def record(self, envelope: Envelope, context: Context) -> EventsAnswer:
        """Store events; what is accepted is on the disk."""
        return await self._recorder.record(envelope, self.declaration, context)

    async def item(self, item_id: str) -> Item:
        """A product as it is now.

        Raises:
            NotFoundError: there is none.
        """
        return await self._reading.run(lambda: self.stock.get(item_id))

    async def missing(self) -> list[Note]:
        """What keeps this worker from answering everything; empty when it is ready."""
        notes = []
        if self.views.current is None:
            trouble = self.views.trouble or SnapshotMissing("nothing has been opened yet")
            notes.append(Note(trouble.code, str(trouble)))
        try:
            await self._reading.run(self.journal.events.last_sequence)
        except JournalError as error:
            notes.append(Note(error.code, error.detail))
        except Overloaded as error:
            notes.append(Note(error.code, str(error)))
        if self.lane.waiting >= self.settings.most_waiting:
            notes.append(Note(Overloaded.code, f"{self.lane.waiting} requests are waiting"))
        return notes

    def hints(self) -> list[Note]:
        """What is not as it should be, though everything is answered."""
        trouble = self.views.trouble  # what is published cannot be opened: the one before is served on
        notes = [Note(trouble.code, str(trouble))] if trouble else []
        if not keeper_alive(self.settings.home):
            notes.append(Note("keeper_missing", "no keeper runs: changes of the catalogue are not visible"))
        return notes

    def exposition(self) -> bytes:
        """The metrics, with what is only known when they are read."""
        self.metrics.shown_lost.set(self.journal.shown.lost)
        self.metrics.waiting.set(self.lane.waiting)
        self.metrics.opened.set(self.views.opened_at)
        if (view := self.views.current) is not None:
            self.metrics.catalogue_seq.set(view.catalogue.catalogue_seq)
        return self.metrics.text()

    def _lists(self, bodies: Sequence[RecommendBody], who: _Who, view: View) -> list[Recommended]:
        done: list[Recommended] = []
        shown: tuple[str, ...] = ()
        for body in bodies:
            job = self._job(body, who, new_request_id(), shown)
            done.append(job.run(view))
            shown += tuple(item.item_id for item in done[-1].answer.items)
        return done

    def _job(
        self, body: RecommendBody, who: _Who, request_id: str, also_excluded: tuple[str, ...] = ()
    ) -> RecommendJob:
        return RecommendJob(
            body,
            who.person,
            who.assigned,
            request_id,
            self._cursors,
            language=who.context.language,
            also_excluded=also_excluded,
        )

    async def _who(
        self, view: View, visitor: Visitor, context: Context, profile: str | None, *, personal: bool
    ) -> _Who:
        person = await self.people.find(visitor, context, personal=personal)
        assigned = assign_profile(
            view.policy, shopper=person.shopper, client_id=person.client_id, forced=profile
        )
        return _Who(person, assigned, visitor, context)

    async def _run(self, call: Callable[[], T]) -> T:
        return await self.lane.run(call)

    def _finish(self, who: _Who, body: RecommendBody, done: Recommended) -> None:
        answer = done.answer
        self._log(
            who,
            answer.version,
            body.scenario,
            done.slots,
            body=body,
            page_of=done.page_of,
            request_id=answer.request_id,
        )
        self._measure(body.scenario, answer.timings_ms, answer.notes, empty=not answer.items)

    def _log(
        self,
        who: _Who,
        version: str,
        scenario: str,
        slots: list[Slot],
        *,
        body: SearchBody | RecommendBody,
        page_of: str | None,
        request_id: str | None = None,
    ) -> None:
        answered = Answered(
            request_id=request_id or who.context.request_id,
            version=version,
            scenario=scenario,
            surface=who.visitor.surface,
            person=who.person,
            assigned=who.assigned,
            query=body.query if isinstance(body, SearchBody) else None,
            filter=body.filter,
            page_of=page_of,
        )
        self.journal.shown.log(shown_of(answered, slots))

    def _measure(self, kind: str, timings: dict[str, float], notes: Sequence[Note], *, empty: bool) -> None:
        for stage, ms in timings.items():
            self.metrics.stages.labels(kind, stage).observe(ms / 1e3)
        for note in notes:
            self.metrics.notes.labels(note.code).inc()
        if empty:
            self.metrics.empty.labels(kind).inc()


def _single(body: MultiBody, place: int) -> RecommendBody:
    """A list of a page as a request of its own."""
    one = body.lists[place]
    names = [name for name in one.__struct_fields__ if name != "name"]
    who = {name: getattr(body, name) for name in body.__struct_fields__ if name != "lists"}
    return RecommendBody(**who, **{name: getattr(one, name) for name in names})

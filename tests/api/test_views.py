"""What is served follows what is published; what breaks leaves the shop open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from api.sources import LiveSource
from api.views import Views
from indexing.contracts.errors import InputError, SnapshotBroken, SnapshotError, SnapshotMissing
from indexing.contracts.rules import Rule
from indexing.journal import open_journal
from indexing.journal.control import Control
from indexing.snapshots.catalogue import Catalogue


class Source:
    """A snapshot under any name, and which were closed."""

    def __init__(self, home: Path) -> None:
        self._real = LiveSource(home)
        self._name = next((home / "snapshots").glob("2*")).name
        self.broken: set[str] = set()
        self.closed: list[Catalogue] = []
        self.opened = 0

    def open(self, name: str) -> Catalogue:
        self.opened += 1
        if name in self.broken:
            raise SnapshotBroken(f"{name} is broken")
        return self._real.open(self._name)

    def serving(self, pointer: str | None) -> str | None:
        return pointer

    def newest(self, catalogue: Catalogue) -> Catalogue:
        return self._real.newest(catalogue)

    def close(self, catalogue: Catalogue) -> None:
        self.closed.append(catalogue)
        self._real.close(catalogue)


@pytest.fixture
def control(tmp_path: Path) -> Control:
    """Empty."""
    return open_journal(tmp_path).control


@pytest.fixture
def source(built: Path) -> Source:
    """Over the built shop."""
    return Source(built)


def run(test: Callable[[Views], Coroutine[Any, Any, None]], control: Control, source: Source) -> None:
    """On a loop; only the test looks."""

    async def both() -> None:
        views = Views(control, source, poll_seconds=1000)
        try:
            await test(views)
        finally:
            await views.stop()

    asyncio.run(both())


def test_nothing_then_something(control: Control, source: Source) -> None:
    """503 until it is published, then served without a restart."""

    async def test(views: Views) -> None:
        await views.look()
        with pytest.raises(SnapshotMissing, match="nothing is published"), views.hold():
            pass
        control.swap("first", None, "test")
        await views.look()
        with views.hold() as view:
            assert view.version.endswith(f".{control.seq()}")
        assert views.trouble is None

    run(test, control, source)


def test_the_old_one_closes_with_its_last_request(control: Control, source: Source) -> None:
    """A request that began before the change ends on what it began with."""

    async def test(views: Views) -> None:
        control.swap("first", None, "test")
        await views.look()
        with views.hold() as outer, views.hold():
            control.swap("second", "first", "test")
            await views.look()
            with views.hold() as after:
                assert after.catalogue is not outer.catalogue
            assert source.closed == []
            assert outer.catalogue.item(0).title
        assert source.closed == [outer.catalogue]

    run(test, control, source)


def test_a_broken_one_changes_nothing(control: Control, source: Source) -> None:
    """The one before is served on, the trouble is told, and it is not tried over and over."""

    async def test(views: Views) -> None:
        control.swap("first", None, "test")
        await views.look()
        source.broken.add("second")
        control.swap("second", "first", "test")
        for _ in range(3):
            await views.look()
        assert isinstance(views.trouble, SnapshotBroken)
        assert source.opened == 2
        with views.hold() as view:
            assert view.catalogue.rows > 0
        control.swap("third", "second", "test")
        await views.look()
        assert views.trouble is None

    run(test, control, source)


def test_a_worker_waits_only_for_what_is_coming(
    control: Control, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot that a keeper prepares is waited for; one that it cannot open must be mended first."""
    said: list[SnapshotError] = [SnapshotMissing("a moment"), SnapshotError("damaged")]
    asked: list[str | None] = []

    def serving(pointer: str | None) -> str | None:
        asked.append(pointer)
        raise said[min(len(asked), len(said)) - 1]

    monkeypatch.setattr(source, "serving", serving)
    monkeypatch.setattr("api.views.START_SECONDS", 60.0)
    control.swap("first", None, "test")

    async def both() -> None:
        views = Views(control, source, poll_seconds=0.01)
        try:
            await asyncio.wait_for(views.start(), 30.0)
            assert str(views.trouble) == "damaged"
        finally:
            await views.stop()

    asyncio.run(both())
    assert len(asked) >= 2


def test_a_broken_first_one(control: Control, source: Source) -> None:
    """Whoever asks is told what is wrong."""

    async def test(views: Views) -> None:
        source.broken.add("first")
        control.swap("first", None, "test")
        await views.look()
        with pytest.raises(SnapshotBroken, match="first is broken"), views.hold():
            pass

    run(test, control, source)


def test_a_snapshot_whose_folder_is_gone(control: Control, built: Path, tmp_path: Path) -> None:
    """Is missing, in words."""
    with pytest.raises(SnapshotMissing):
        LiveSource(tmp_path).open("nothing")
    empty = tmp_path / "snapshots" / "empty"
    empty.mkdir(parents=True)
    with pytest.raises(SnapshotError):
        LiveSource(tmp_path).open("empty")


def test_rules_are_followed_and_unreadable_ones_passed_over(control: Control, source: Source) -> None:
    """A rule that this snapshot cannot read must not spoil every answer."""

    async def test(views: Views) -> None:
        control.swap("first", None, "test")
        control.put_rule(Rule("good", "hide", filter='brand = "小米"'), "test")
        control.put_rule(Rule("bad", "hide", filter="nothing_of_ours = 5"), "test")
        await views.look()
        with views.hold() as view:
            assert [rule.rule_id for rule in view.rules] == ["good"]
        control.delete_rule("good", "test")
        await views.look()
        with views.hold() as view:
            assert view.rules == ()

    run(test, control, source)


def test_filters_are_read_once(control: Control, source: Source) -> None:
    """And refused every time."""

    async def test(views: Views) -> None:
        control.swap("first", None, "test")
        await views.look()
        with views.hold() as view:
            assert view.filter("in_stock") is view.filter("in_stock")
            assert view.filter(None) is None
            assert view.filter("  ") is None
            for _ in range(2):
                with pytest.raises(InputError):
                    view.filter("nothing_of_ours = 5")

    run(test, control, source)


def test_a_start_waits_for_the_keeper(
    control: Control, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is preparing what is published; not for what was never published, nor for what is broken."""
    answers = iter([SnapshotMissing("the keeper is preparing it"), SnapshotMissing("still"), "first"])

    def serving(pointer: str | None) -> str | None:
        if pointer is None:
            return None
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(source, "serving", serving)

    async def both() -> None:
        for published in (False, True):
            if published:
                control.swap("first", None, "test")
            views = Views(control, source, poll_seconds=0.01)
            await views.start()
            assert (views.current is not None) is published
            await views.stop()

    asyncio.run(both())


def test_what_is_served_is_read_ahead(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of the snapshot, behind the requests, until it is closed."""
    begun, until = list[Path](), Event()
    monkeypatch.setattr(
        "indexing.snapshots.reading_ahead.ReadingAhead._run",
        lambda reading: (begun.append(reading._folder), reading._stopping.wait(10), until.set()),
    )
    source = LiveSource(built)
    name = next((built / "snapshots").glob("2*")).name
    source.close(source.open(name))
    assert until.wait(10)
    assert begun == [built / "snapshots" / name]

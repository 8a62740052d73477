"""One keeper a host: killed at any moment it converges; publishing and rolling back keep today's prices."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexing.contracts.errors import ConflictError, DaogouError, SnapshotError, SnapshotMissing
from indexing.keeper import Keeper, LiveCatalogue, keeper, keeper_alive, read_current, served_name
from indexing.keeper.current import current_path
from indexing.keeper.folder import folder_of, is_sound, live_folder
from indexing.keeper.lock import keeper_lock
from indexing.snapshots import publish, rollback, verify
from indexing.snapshots.store import snapshots_folder
from tests.indexing.keeper.conftest import World
from tests.indexing.keeper.killed_keeper import STEPS
from tests.indexing.keeper.same import assert_same

SCRIPT = Path(__file__).with_name("killed_keeper.py")
ROOT = Path(__file__).parents[3]
PATIENCE_S = 20.0


def until(true: Callable[[], bool]) -> None:
    """Wait for something that comes soon."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


def published(world: World) -> str:
    """A snapshot of now, published."""
    name = world.build()
    publish(world.home, world.journal.control, name, actor="test", force=True)
    return name


def serves(world: World) -> str | None:
    """What a worker would serve; None while it is told to wait."""
    try:
        return served_name(world.home, world.journal.control.pointer())
    except DaogouError:
        return None


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@contextlib.contextmanager
def keeping(world: World) -> Iterator[None]:
    """A keeper in a thread, which knows the golden titles already."""
    stopping, failed = threading.Event(), []

    def run() -> None:
        try:
            Keeper(world.home, commit_s=0.05).run(stopping)
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        # before it has begun, the control database says what is served
        until(lambda: keeper_alive(world.home) or not thread.is_alive())
        yield
    finally:
        stopping.set()
        thread.join()
    assert not failed


@contextlib.contextmanager
def process(world: World) -> Iterator[subprocess.Popen[str]]:
    """A keeper as it is started by ``daogou serve``."""
    command = [sys.executable, "-m", "indexing.keeper", "--home", str(world.home), "--with-parent"]
    started = subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True)
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


@pytest.mark.parametrize("step", STEPS)
def test_killed_in_a_commit(world: World, step: str) -> None:
    """Readers keep what they have, newcomers are told to wait, the next keeper ends where a build would."""
    name = published(world)
    world.follow(world.writer(name))
    world.writers.pop().close()
    early = world.open(name)
    world.live_a_little(random.Random(5), 60)
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(world.home), step], cwd=ROOT, env=environment(), check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert not keeper_alive(world.home)
    if step == "before clearing up":
        assert early.newest().catalogue_seq == world.journal.catalogue.seq()
    else:
        assert early.newest() is early
        with pytest.raises(SnapshotError, match="not ready"):
            world.open(name, wait_s=0.0)
    world.live_a_little(random.Random(6), 5)
    world.follow(world.writer(name))
    assert_same(early.newest(), world.fresh())
    assert world.open(name).catalogue_seq == world.journal.catalogue.seq()
    verify(world.path(name))


@pytest.mark.slow
def test_killed_again_and_again(world: World) -> None:
    """Killed at any moment while changes pour in, it loses none and makes none up."""
    name = published(world)
    rng = random.Random(11)
    for _ in range(3):
        with process(world) as running:
            until(lambda: serves(world) == name and keeper_alive(world.home))
            deadline = time.monotonic() + rng.uniform(0.3, 1.5)
            while time.monotonic() < deadline:
                world.live_a_little(rng, 5)
            running.send_signal(signal.SIGKILL)
            assert running.wait() == -signal.SIGKILL
    with keeping(world):
        live = world.open(name)
        until(lambda: live.newest().catalogue_seq == world.journal.catalogue.seq())
        assert_same(live.newest(), world.fresh())
    verify(world.path(name))


def test_the_command(world: World) -> None:
    """A change is seen by another process; a second keeper says why it ends; SIGTERM ends the first."""
    name = published(world)
    with process(world) as running:
        until(lambda: keeper_alive(world.home) and serves(world) == name)
        live = world.open(name)
        world.journal.catalogue.patch("p001", {"price_minor": 123_456})
        until(lambda: live.newest().item(1).price_minor == 123_456)
        second = subprocess.run(
            [sys.executable, "-m", "indexing.keeper", "--home", str(world.home)],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert "has a keeper already" in second.stderr
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE_S) == 0
    assert not keeper_alive(world.home)


def test_the_command_without_a_shop(tmp_path: Path) -> None:
    """One line, no traceback, and nothing is made."""
    done = subprocess.run(
        [sys.executable, "-m", "indexing.keeper", "--home", str(tmp_path / "none")],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "there is no shop in" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "none").exists()


def test_publish_and_rollback(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is served once it is live; an older one never shows older prices; what is left goes."""
    monkeypatch.setattr(keeper, "GRACE_S", 0.1)
    first = published(world)
    with keeping(world):
        until(lambda: serves(world) == first)
        world.journal.catalogue.patch("p001", {"price_minor": 111, "brand": "新牌"})
        second = published(world)
        until(lambda: serves(world) == second)
        until(lambda: not folder_of(world.home, first).exists())
        world.journal.catalogue.patch("p001", {"price_minor": 222})
        world.journal.catalogue.delete(["p002"])
        assert rollback(world.home, world.journal.control, to=first, actor="test") == first
        until(lambda: serves(world) == first)
        held = read_current(world.home)
        assert held is not None
        assert held.seq == world.journal.catalogue.seq()
        live = world.open(first)
        assert live.item(1).price_minor == 222
        assert live.row_of("p002") == -1
        assert_same(live, world.fresh())
        until(lambda: not folder_of(world.home, second).exists())
    verify(world.path(first))
    verify(world.path(second))


def _live(world: World) -> str | None:
    """What a keeper says is live: without one, ``serves`` names the pointer."""
    held = read_current(world.home)
    return held.snapshot if held else None


def _price(world: World, name: str) -> int | None:
    """As a worker that starts now reads it."""
    try:
        with contextlib.closing(LiveCatalogue.open(world.home, name)) as live:
            return live.item(3).price_minor
    except SnapshotError:
        return None


def test_what_somebody_took_away_is_made_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder, and what says which one is served: a worker that starts sees today's prices."""
    monkeypatch.setattr(keeper, "CHECK_S", 0.05)
    name = published(world)
    with keeping(world):
        until(lambda: _live(world) == name)
        world.journal.catalogue.patch("p003", {"price_minor": 7})
        shutil.rmtree(folder_of(world.home, name))
        current_path(world.home).write_text("garbage")
        until(lambda: _live(world) == name and is_sound(folder_of(world.home, name)))
        until(lambda: _price(world, name) == 7)


@pytest.mark.parametrize("file", ["state.npy", "overlay.sqlite", "lexical/meta.json"])
def test_a_damaged_folder_is_made_anew(world: World, file: str) -> None:
    """It follows from the snapshot and the journal: what a crash left of it is no trouble."""
    name = published(world)
    with keeping(world):
        until(lambda: _live(world) == name)
    (folder_of(world.home, name) / file).write_bytes(b"damaged")
    world.journal.catalogue.patch("p003", {"price_minor": 7})
    with keeping(world):
        until(lambda: _live(world) == name and _price(world, name) == 7)
        assert _trouble(world) is None


def test_a_folder_that_is_removed_while_it_is_looked_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keeper makes it anew: who reads looks again later, and has the snapshot until then."""
    name = published(world)
    with keeping(world):
        until(lambda: _live(world) == name)
    folder, read = folder_of(world.home, name), Path.read_bytes

    def read_then_remove(path: Path) -> bytes:
        found = read(path)
        if path == folder / "born.json":
            shutil.rmtree(folder)
        return found

    monkeypatch.setattr(Path, "read_bytes", read_then_remove)
    assert not is_sound(folder)
    assert not folder.exists()


def test_what_cannot_be_opened(world: World) -> None:
    """A broken snapshot is not served: the one before is served on and kept up; it is said why."""
    name = published(world)
    with keeping(world):
        until(lambda: serves(world) == name)
        live = world.open(name)
        world.journal.control.swap("20990101-000000-000-00000000", name, "test")
        until(lambda: _trouble(world) is not None)
        assert "20990101-000000-000-00000000" in str(_trouble(world))
        assert serves(world) == name
        world.journal.catalogue.patch("p003", {"price_minor": 9})
        until(lambda: live.newest().item(3).price_minor == 9)
        world.journal.control.swap(name, "20990101-000000-000-00000000", "test")
        until(lambda: _trouble(world) is None)


def _damage(world: World, name: str) -> Callable[[], None]:
    """Another last byte in a file of a snapshot, which is as long as before; gives what puts it right."""
    path = snapshots_folder(world.home) / name / "columns" / "price_minor.npy"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    return lambda: path.write_bytes(whole) and None


def test_what_was_damaged_since_is_not_served(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keeper that begins names the file, and serves what somebody put right."""
    monkeypatch.setattr("indexing.keeper.keeper.RETRY_S", 0.1)
    name = published(world)
    mend = _damage(world, name)
    with keeping(world):
        until(lambda: _trouble(world) is not None)
        with pytest.raises(SnapshotError, match=r"price_minor\.npy is damaged"):
            served_name(world.home, name)
        mend()
        until(lambda: serves(world) == name)
        assert _trouble(world) is None


def test_the_one_before_stands_in_for_a_damaged_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With today's prices, and said; when it is put right, or another published, that is served."""
    monkeypatch.setattr("indexing.keeper.keeper.RETRY_S", 0.1)
    before, name = published(world), published(world)
    mend = _damage(world, name)
    with keeping(world):
        until(lambda: serves(world) == before)
        assert "is damaged" in str(_trouble(world))
        live = world.open(before)
        world.journal.catalogue.patch("p003", {"price_minor": 9})
        until(lambda: live.newest().item(3).price_minor == 9)
        mend()
        until(lambda: serves(world) == name)
        assert _trouble(world) is None
        assert world.open(name).item(3).price_minor == 9


def test_a_file_cut_while_it_is_served(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are led away from what would kill them; without another snapshot they keep what they have."""
    monkeypatch.setattr("indexing.keeper.keeper.CHECK_S", 0.05)
    before = published(world)
    path = snapshots_folder(world.home) / before / "columns" / "price_minor.npy"
    with keeping(world):
        until(lambda: serves(world) == before)
        whole = path.read_bytes()
        path.unlink()
        time.sleep(0.3)
        assert (serves(world), _trouble(world)) == (before, None)
        path.write_bytes(whole)
        name = published(world)
        until(lambda: serves(world) == name)
        other = snapshots_folder(world.home) / name / "columns" / "price_minor.npy"
        kept = other.read_bytes()
        for one in (path, other):
            one.write_bytes(whole[:100])
        time.sleep(0.3)
        assert (serves(world), _trouble(world)) == (name, None)  # the one before is no better
        other.write_bytes(kept)
        path.write_bytes(whole)
        (snapshots_folder(world.home) / name / "columns" / "price_minor.npy").write_bytes(whole[:100])
        until(lambda: serves(world) == before)
        assert "price_minor.npy has 100 bytes" in str(_trouble(world))


def test_who_says_what_to_serve(world: World) -> None:
    """Without a keeper the control database; with one, ``live/current``; while it prepares, nobody."""
    assert served_name(world.home, None) is None
    assert served_name(world.home, "some") == "some"
    with keeper_lock(world.home):
        assert keeper_alive(world.home)
        with pytest.raises(SnapshotMissing, match="preparing"):
            served_name(world.home, "some")
        with pytest.raises(ConflictError, match="has a keeper already"), keeper_lock(world.home):
            pass
    assert not keeper_alive(world.home)


def test_a_copied_folder_is_made_anew(world: World) -> None:
    """A live folder that another place or boot wrote may be torn: it is not read, and made anew."""
    name = published(world)
    world.follow(world.writer(name))
    world.journal.catalogue.patch("p001", {"price_minor": 5})
    world.follow(world.writers[-1])
    world.writers.pop().close()
    folder = folder_of(world.home, name)
    born = folder / "born.json"
    born.write_bytes(born.read_bytes().replace(b'"boot":"', b'"boot":"another '))
    live = world.open(name)
    assert live.catalogue_seq < world.journal.catalogue.seq()
    with keeping(world):
        until(lambda: live.newest().item(1).price_minor == 5)
        assert_same(live.newest(), world.fresh())
    assert {path.name for path in live_folder(world.home).iterdir()} == {"current", "keeper.lock", name}


def test_a_folder_made_anew_is_found(world: World) -> None:
    """A reader notices that its folder was replaced, whatever the generations say."""
    name = published(world)
    world.follow(world.writer(name))
    live = world.open(name)
    world.writers.pop().close()
    born = folder_of(world.home, name) / "born.json"
    born.unlink()
    world.journal.catalogue.put([*world.items()[:1], *world.items()[1:2]])
    world.journal.catalogue.patch("p004", {"title": "家用 咖啡机"})
    world.follow(world.writer(name))
    assert isinstance(live, LiveCatalogue)
    assert live.newest().item(4).title == "家用 咖啡机"


def _trouble(world: World) -> str | None:
    held = read_current(world.home)
    return held.trouble if held else None

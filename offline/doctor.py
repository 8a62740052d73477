"""What is wrong with a shop's folder, and what to do: the checks behind ``daogou doctor``."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from indexing.contracts.columns import field_kinds
from indexing.contracts.errors import ConfigError, DaogouError, JournalError, SnapshotError
from indexing.contracts.shop import load_shop
from indexing.journal import Journal, open_journal
from indexing.keeper import LiveCatalogue, keeper_alive, read_current
from indexing.snapshots import find, list_snapshots, verify

State = Literal["ok", "warning", "broken"]
_LEAST_FREE = 1_000_000_000
_MOST_NAMED = 10  # damaged products
_SECRET = 32  # characters at least
_WITHOUT = {
    "catalogue": "daogou import items FILE; daogou build; daogou publish --force",
    "events": "events that were not exported yet are lost",
    "shown": "shown lists that were not exported yet are lost",
    "control": "rules and keys are lost: make them again, then daogou publish",
}
"""What to do when a file of the journal is gone for good."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``advice`` is what to do, empty when all is well."""

    state: State
    what: str
    advice: str = ""


def examine(home: Path) -> Iterator[Finding]:
    """Look at everything in turn; one check that fails never hides the next.

    Reads only, every file of the snapshot that is served included.
    """
    if not home.is_dir():
        yield Finding(
            "broken",
            f"there is no folder {home}",
            "set DAOGOU_HOME, or begin: daogou import, daogou simulate",
        )
        return
    checks: tuple[Callable[[Path], Iterator[Finding]], ...] = (
        _folders,
        _declaration,
        _disk,
        _secrets,
        _snapshots,
        _log,
        _journal,
        _live,
    )
    for check in checks:
        try:
            yield from check(home)
        except (DaogouError, OSError) as error:
            yield Finding(
                "broken", f"{check.__name__.strip('_')}: {error}", "mend what it names, look again"
            )


def _folders(home: Path) -> Iterator[Finding]:
    for name in ("journal", "snapshots", "events", "shown", "live", "imports", "secrets"):
        path = home / name
        if path.exists() and not path.is_dir():
            yield Finding("broken", f"{path} is no folder", f"move it away: mv {path} {path}.old")


def _declaration(home: Path) -> Iterator[Finding]:
    path = home / "shop.toml"
    if not path.exists():
        yield Finding(
            "warning", "no shop.toml: the defaults hold", f"declare currency and attributes in {path}"
        )
        return
    try:
        shop = load_shop(path)
    except DaogouError as error:
        yield Finding("broken", str(error), "mend shop.toml: nothing can be built; what is published stays")
        return
    if not path.read_text(encoding="utf-8").strip():
        yield Finding("warning", f"{path} is empty: the defaults hold", "declare currency and attributes")
        return
    yield Finding(
        "ok", f"shop.toml declares {shop.name} in {shop.currency}, {len(field_kinds(shop))} fields"
    )


def _disk(home: Path) -> Iterator[Finding]:
    usage = shutil.disk_usage(home)
    if usage.free < _LEAST_FREE:
        yield Finding(
            "broken", f"{usage.free / 1e9:.1f} GB free", "make room: events cannot be stored for long"
        )
    else:
        yield Finding("ok", f"{usage.free / 1e9:.1f} GB free")


def _secrets(home: Path) -> Iterator[Finding]:
    folder = home / "secrets"
    if not folder.is_dir():
        return
    open_ones = [
        path.name
        for path in [folder, *folder.iterdir()]
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    empty = [path for path in folder.glob("*.key") if len(path.read_bytes().strip()) < _SECRET]
    for path in empty:
        yield Finding(
            "broken",
            f"{path} holds no secret",
            f"rm {path}: a new one is made, what the old one signed is void",
        )
    if open_ones:
        yield Finding("broken", f"others may read {', '.join(open_ones)}", f"chmod -R go= {folder}")
    else:
        yield Finding("ok", "secrets are readable by their owner alone")


def _snapshots(home: Path) -> Iterator[Finding]:
    left = sorted(path.name for path in (home / "snapshots").glob("*.building"))
    if left:
        yield Finding(
            "warning",
            f"a build runs, or died: {', '.join(left)}",
            "the next build sweeps what a dead one left",
        )
    stored = list_snapshots(home)
    yield Finding(
        "ok" if stored else "warning",
        f"{len(stored)} snapshots" if stored else "no snapshot",
        "" if stored else "daogou build --publish",
    )


def _log(home: Path) -> Iterator[Finding]:
    """The Parquet days: each file's own end says whether it is one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = [path for name in ("events", "shown") for path in sorted((home / name).glob("day=*/*.parquet"))]
    whole = 0
    for path in files:
        try:
            pq.read_metadata(path)
        except (pa.ArrowException, OSError) as error:
            yield Finding(
                "broken", f"{path} cannot be read: {error}", f"restore it, or mv {path} {path}.broken"
            )
        else:
            whole += 1
    if whole:
        yield Finding("ok", f"{whole} files of events and shown lists")
    for stage in sorted((home / "events").glob(".import-*")):
        yield Finding("warning", f"an import runs, or died: {stage.name}", "import the file again")


def _journal(home: Path) -> Iterator[Finding]:
    """Each of its files by itself: what is lost with one is not lost with another."""
    folder = home / "journal"
    if not folder.exists():
        state: State = "broken" if list_snapshots(home) else "warning"
        yield Finding(state, "no journal: nothing was imported", "restore it, or daogou import items FILE")
    if not folder.is_dir():
        return
    parts = {"catalogue": _catalogue, "events": _events, "shown": _shown, "control": _control}
    with open_journal(home, create=False) as journal:
        for name, part in parts.items():
            path = folder / f"{name}.sqlite"
            try:
                yield from part(home, journal) if path.exists() else _absent(home, name)
            except JournalError as error:
                away = f"without one: mkdir -p {home}/lost; mv {path}* {home}/lost; {_WITHOUT[name]}"
                lost = "restore a backup" in str(error)  # not when it is locked, or a newer daogou's
                yield Finding("broken", str(error), away if lost else "do as it says, look again")


def _absent(home: Path, name: str) -> Iterator[Finding]:
    if name == "catalogue":
        yield Finding("warning", "the catalogue is empty", "daogou import items FILE")
    if name == "control":
        yield Finding("warning", "nothing is published", _publish_newest(home))


def _catalogue(home: Path, journal: Journal) -> Iterator[Finding]:
    del home
    count = journal.catalogue.count()
    for error in islice(journal.catalogue.damaged(), _MOST_NAMED):
        yield Finding("broken", str(error), "nothing can be built before that")
    if count:
        yield Finding("ok", f"{count:,} products, last change {journal.catalogue.seq()}")
    else:
        yield Finding("warning", "the catalogue is empty", "daogou import items FILE")


def _events(home: Path, journal: Journal) -> Iterator[Finding]:
    del home
    yield Finding("ok", f"{journal.events.count():,} events in the journal")


def _shown(home: Path, journal: Journal) -> Iterator[Finding]:
    del home
    yield Finding("ok", f"{journal.shown.count():,} shown lists in the journal")


def _control(home: Path, journal: Journal) -> Iterator[Finding]:
    yield from _served(home, journal)
    yield from _keys(journal)
    yield from _published(journal)


def _publish_newest(home: Path, *, but: str = "", force: str = "") -> str:
    """The command that serves the newest snapshot that is whole."""
    for one in reversed(list_snapshots(home)):
        with suppress(SnapshotError):
            if one.name == but:
                continue
            verify(one.path)
            return f"daogou publish {one.name}{force}"
    return "daogou build --publish"


def _served(home: Path, journal: Journal) -> Iterator[Finding]:
    """The snapshot the pointer names: there, whole, of this shop, and how far behind."""
    name = journal.control.pointer()
    if name is None:
        yield Finding("warning", "nothing is published", _publish_newest(home))
        return
    try:
        manifest = verify(find(home, name).path)
    except SnapshotError as error:
        advice = _publish_newest(home, but=name, force=" --force")
        yield Finding("broken", f"{name}, which is published, cannot be served: {error}", advice)
        return
    yield Finding("ok", f"{name} is published and whole: {manifest.rows:,} products")
    with suppress(ConfigError):  # said above
        if manifest.shop_hash != load_shop(home / "shop.toml").hash:
            yield Finding("warning", "shop.toml changed since the build", "daogou build --publish")
    with suppress(JournalError):  # said above
        behind = journal.catalogue.seq() - manifest.catalogue_seq
        if behind > 0:
            yield Finding("ok", f"{behind:,} catalogue changes since the build; the keeper shows them")
        elif behind < 0:
            yield Finding(
                "broken",
                f"the catalogue is {-behind:,} changes behind the snapshot that is served: it was restored "
                "or lost",
                "import the catalogue again; daogou build; daogou publish --force",
            )


def _published(journal: Journal) -> Iterator[Finding]:
    """Rules, profiles and experiments: a worker that starts reads them all."""
    control = journal.control
    read = {"rules": control.rules, "profiles": control.profiles, "experiments": control.experiments}
    counts = {name: len(every()) for name, every in read.items()}
    yield Finding("ok", ", ".join(f"{count} {name}" for name, count in counts.items()))


def _live(home: Path) -> Iterator[Finding]:
    """What a worker that starts now would read of it."""
    current = read_current(home)
    if current is None or current.snapshot is None or not keeper_alive(home):
        return  # a keeper that starts looks at it itself
    folder = home / "live" / current.snapshot
    if current.trouble:
        yield Finding(
            "broken", current.trouble, _publish_newest(home, but=current.snapshot, force=" --force")
        )
    try:
        with closing(LiveCatalogue.open(home, current.snapshot)) as live:
            yield Finding("ok", f"the keeper shows catalogue change {live.catalogue_seq:,}")
    except SnapshotError as error:
        yield Finding("broken", str(error), f"rm -r {folder}: the keeper makes it anew within seconds")


def _keys(journal: Journal) -> Iterator[Finding]:
    keys = journal.control.list_keys()
    if not keys:
        yield Finding(
            "warning", "no key: nobody can call the API", "daogou keys create web --scope storefront"
        )
    else:
        yield Finding("ok", f"{len(keys)} keys")

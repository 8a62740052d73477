"""What is wrong with a shop's folder, and what to do: the checks behind ``daogou doctor``."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexing.contracts.columns import field_kinds
from indexing.contracts.errors import DaogouError, SnapshotError
from indexing.contracts.shop import load_shop
from indexing.journal import Journal, open_journal
from indexing.snapshots import find, list_snapshots, verify

State = Literal["ok", "warning", "broken"]
_LEAST_FREE = 1_000_000_000


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
        _declaration,
        _disk,
        _secrets,
        _snapshots,
        _journal,
    )
    for check in checks:
        try:
            yield from check(home)
        except (DaogouError, OSError) as error:
            yield Finding(
                "broken", f"{check.__name__.strip('_')}: {error}", "mend what it names, look again"
            )


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
        yield Finding("broken", str(error), "mend shop.toml: nothing can be built or served")
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


def _journal(home: Path) -> Iterator[Finding]:
    if not (home / "journal").is_dir():
        yield Finding("warning", "no journal: nothing was imported", "daogou import items FILE")
        return
    with open_journal(home, create=False) as journal:
        yield from _catalogue(journal)
        if not (home / "journal" / "control.sqlite").exists():
            yield Finding("warning", "nothing is published", "daogou build --publish")
            return
        yield from _served(home, journal)
        yield from _keys(journal)


def _catalogue(journal: Journal) -> Iterator[Finding]:
    count = journal.catalogue.count()
    if count:
        yield Finding("ok", f"{count:,} products, last change {journal.catalogue.seq()}")
    else:
        yield Finding("warning", "the catalogue is empty", "daogou import items FILE")


def _served(home: Path, journal: Journal) -> Iterator[Finding]:
    """The snapshot the pointer names: there, whole, of this shop, and how far behind."""
    name = journal.control.pointer()
    stored = [one.name for one in list_snapshots(home)]
    if name is None:
        advice = f"daogou publish {stored[-1]}" if stored else "daogou build --publish"
        yield Finding("warning", "nothing is published", advice)
        return
    others = [one for one in stored if one != name]
    otherwise = f"daogou publish {others[-1]} --force" if others else "daogou build --publish"
    try:
        manifest = verify(find(home, name).path)
    except SnapshotError as error:
        yield Finding("broken", f"{name}, which is published, cannot be served: {error}", otherwise)
        return
    yield Finding("ok", f"{name} is published and whole: {manifest.rows:,} products")
    if manifest.shop_hash != load_shop(home / "shop.toml").hash:
        yield Finding("warning", "shop.toml changed since the build", "daogou build --publish")
    behind = journal.catalogue.seq() - manifest.catalogue_seq
    if behind:
        yield Finding("ok", f"{behind:,} catalogue changes since the build; the keeper shows them")


def _keys(journal: Journal) -> Iterator[Finding]:
    keys = journal.control.list_keys()
    if not keys:
        yield Finding(
            "warning", "no key: nobody can call the API", "daogou keys create web --scope storefront"
        )
    else:
        yield Finding("ok", f"{len(keys)} keys")

"""The demo shop: simulated, loaded into the catalogue, with two profiles and a running A/A experiment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from indexing.contracts.errors import ConflictError
from indexing.contracts.experiments import ArmSpec, Experiment
from indexing.contracts.profiles import Profile, SearchProfile
from indexing.journal import Journal, open_journal

Progress = Callable[[str, int, int], None]
ACTOR = "demo"
PROFILES = (Profile(), Profile(name="words-only", search=SearchProfile(vectors=False)))
AA = Experiment("aa", [ArmSpec("control", "default"), ArmSpec("same", "default")])


def make_demo(
    home: Path,
    *,
    products: int,
    shoppers: int,
    days: int,
    seed: int,
    last_day: date,
    progress: Progress,
) -> list[str]:
    """Simulate into ``home`` and load what was made.

    Returns:
        Lines of a summary.

    Raises:
        ConflictError: ``home`` already holds a shop that no simulation made.
    """
    from offline.simulate import simulate

    _check_own(home)
    made = simulate(
        home,
        products=products,
        shoppers=shoppers,
        days=days,
        seed=seed,
        last_day=last_day,
        progress=progress,
    )
    with open_journal(home) as journal:
        _load(home, journal, progress)
        _configure(journal)
    again = ", there already" if made.reused else ""
    return [
        f"{made.products:,} products, {made.shoppers:,} shoppers over {made.days} days{again}",
        f"  {made.events:,} events, {made.orders:,} orders",
        f"  {made.shown:,} lists of {made.slots:,} places shown, {made.seen:,} of them seen",
    ]


def _check_own(home: Path) -> None:
    """A simulation that was killed has left its products, if anything."""
    if (home / "simulated.json").exists() or (home / "catalogue.parquet").exists():
        return
    names = ("shop.toml", "journal/catalogue.sqlite", "journal/events.sqlite", "events")
    if found := [name for name in names if (home / name).exists()]:
        raise ConflictError(
            f"{home} holds a shop that no simulation made ({', '.join(found)}): give the demo shop a "
            "folder of its own (DAOGOU_HOME)"
        )


def _load(home: Path, journal: Journal, progress: Progress) -> None:
    table = pq.read_table(home / "catalogue.parquet")
    progress("Loading the catalogue", 0, len(table))
    journal.catalogue.load(table)
    progress("Loading the catalogue", len(table), len(table))


def _configure(journal: Journal) -> None:
    """Only what is not there yet: a merchandiser may have changed it."""
    known = {profile.name for profile in journal.control.profiles()}
    for profile in PROFILES:
        if profile.name not in known:
            journal.control.put_profile(profile, ACTOR, "demo shop")
    if not journal.control.experiments():
        journal.control.put_experiment(AA, ACTOR, "demo shop")

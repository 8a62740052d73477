"""``daogou build``, ``publish`` and ``rollback``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from offline.commands.home import HOME, Home, actor, journal_of, say


def build_command(
    publish: Annotated[
        bool, typer.Option(help="Publish it when it is no worse than what is served.")
    ] = False,
    train: Annotated[bool, typer.Option(help="Train models; without, words and columns only.")] = True,
    pairs: Annotated[int, typer.Option(help="Most training pairs of the text vectors.", min=0)] = 100_000,
    text_model: Annotated[
        Path | None, typer.Option(help="Folder of a StaticEmbedding to use instead of training one.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 1,
    keep: Annotated[
        int, typer.Option(help="Snapshots that stay, the newest; so do those served last.", min=1)
    ] = 3,
    home: Home = HOME,
) -> None:
    """Build a snapshot from the catalogue and the log: words, columns, vectors, models.

    Example: `daogou build --publish`
    """
    from offline.build import BuildConfig, build
    from offline.commands.progress import Bars
    from offline.tidy import tidy

    config = BuildConfig(train=train, text_pairs=pairs, text_model=str(text_model or ""), seed=seed)
    with Bars() as bars:
        built = build(home, config, progress=bars)
    for line in built.summary():
        say(line)
    if publish:
        _publish(home, built.name, force=False)
    else:
        say(f"Publish it with: daogou publish {built.name}")
    for line in tidy(home, keep=keep):
        say(line)


def publish_command(
    name: Annotated[str | None, typer.Argument(help="A snapshot; the newest without.")] = None,
    force: Annotated[bool, typer.Option(help="Also when it is worse; the audit says so.")] = False,
    home: Home = HOME,
) -> None:
    """Serve a snapshot: compared with the one being served, then switched in one step.

    Example: `daogou publish`
    """
    from indexing.contracts.errors import SnapshotMissing
    from indexing.snapshots import list_snapshots

    names = [one.name for one in list_snapshots(home)]
    if not names:
        raise SnapshotMissing(f"{home} has no snapshot: run daogou build first", path=str(home))
    _publish(home, name or names[-1], force=force)


def rollback_command(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A snapshot; without, the newest that was served and is older than the one served."
        ),
    ] = None,
    home: Home = HOME,
) -> None:
    """Serve an older snapshot again: its models, never its prices.

    Example: `daogou rollback`
    """
    from indexing.snapshots import rollback

    with journal_of(home) as journal:
        served = rollback(home, journal.control, to=name, actor=actor())
    say(f"Serving {served}")


def _publish(home: Path, name: str, *, force: bool) -> None:
    from indexing.snapshots import publish

    with journal_of(home) as journal:
        publish(home, journal.control, name, force=force, actor=actor())
    say(f"Serving {name}")

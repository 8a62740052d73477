"""``daogou import``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from offline.commands.home import HOME, Home, say


class Source(StrEnum):
    """What can be imported."""

    ITEMS = "items"
    EVENTS = "events"
    ONLINE_RETAIL = "online-retail"
    LEYOU = "leyou"
    RETAILROCKET = "retailrocket"
    TAOBAO = "taobao"
    MOVIELENS = "movielens"


def import_command(
    source: Annotated[Source, typer.Argument(help="items and events are our own formats.")],
    path: Annotated[
        Path, typer.Argument(help="A file (Parquet, CSV, TSV, JSON lines, .gz too) or a folder.")
    ],
    home: Home = HOME,
) -> None:
    """Import a catalogue or a behaviour log; dropped rows are listed one by one in a file.

    Example: `daogou import items products.jsonl`, then `daogou import events log.csv.gz`
    """
    from offline.commands.progress import Bars
    from offline.importers import run_import

    with Bars() as bars:
        summary = run_import(home, source.value, path, progress=bars)
    say(f"{summary.read:,} rows read, {summary.items:,} items and {summary.events:,} events taken")
    for code, count in summary.dropped.items():
        say(f"  {count:,} dropped: {code}")
    if summary.dropped:
        say(f"Each dropped row, and why: {summary.report}")
    if not summary.items and not summary.events:
        raise typer.Exit(1)

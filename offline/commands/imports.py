"""``daogou import``."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from offline.commands.home import HOME, Home, say

if TYPE_CHECKING:
    from offline.importers.report import Summary

_EXAMPLE = 160  # characters of the first row of a kind


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
    source: Annotated[
        Source, typer.Argument(help="items and events are our own formats, the others public data sets.")
    ],
    paths: Annotated[
        list[Path],
        typer.Argument(help="Files (Parquet, CSV, TSV, JSON lines, .gz too) or folders of them."),
    ],
    home: Home = HOME,
) -> None:
    """Import a catalogue or a behaviour log; dropped rows are listed one by one in a file.

    Exit status 1 when nothing could be taken, or a file could not be read to its end.

    Example: `daogou import items products.jsonl`

    Example: `daogou import events log.csv.gz`

    Example: `daogou import movielens ml-1m`
    """
    from offline.commands.progress import Bars
    from offline.importers import run_import

    whole = True
    for path in paths:
        with Bars() as bars:
            summary = run_import(home, source.value, path, progress=bars)
        whole &= _say(path, summary)
    if not whole:
        raise typer.Exit(1)


def _say(path: Path, summary: Summary) -> bool:
    """The plain summary of one import. Returns whether all of it was read and something taken."""
    from offline.importers.rows import UNREADABLE

    say(f"{summary.read:,} rows read, {summary.items:,} items and {summary.events:,} events taken")
    for code, count in summary.dropped.items():
        say(f"  {count:,} dropped: {code}, as {shorten(summary.examples[code], _EXAMPLE, placeholder='…')}")
    if summary.dropped:
        say(f"Each dropped row, and why: {summary.report}")
    if UNREADABLE in summary.dropped:
        sys.stderr.write(f"daogou: {summary.examples[UNREADABLE]}\n")
    elif not summary.items and not summary.events:
        sys.stderr.write(f"daogou: no row of {path} could be taken: {summary.report} says why\n")
    return UNREADABLE not in summary.dropped and bool(summary.items or summary.events)

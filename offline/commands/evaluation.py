"""``daogou evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from offline.commands.home import HOME, Home, journal_of, say

if TYPE_CHECKING:
    from offline.evaluate.clickthrough import Rate


def evaluate_command(
    output: Annotated[Path | None, typer.Option(help="Write the figures here, as JSON.")] = None,
    home: Home = HOME,
) -> None:
    """Click-through by scenario, source and position: what was shown, joined to what was clicked.

    Example: `daogou evaluate --output report.json`
    """
    import msgspec

    from offline.evaluate.clickthrough import click_through

    with journal_of(home) as journal:
        journal.export()
    report = click_through(home)
    if output is not None:
        output.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    if not report.scenarios:
        say("Nothing to evaluate: no shown list has an event yet.")
        return
    _table("Click-through by scenario", report.scenarios)
    _table("by source", report.sources)
    _table("by position", report.positions)
    if report.orphan_clicks:
        say(f"{report.orphan_clicks:,} clicks name a request_id that was never shown")


def _table(title: str, rates: list[Rate]) -> None:
    say(f"\n{title}\n{'scenario':<18}{'':<12}{'shown':>12}{'seen':>12}{'clicked':>10}  click-through")
    for one in rates:
        known = one.rate is not None and one.low is not None and one.high is not None
        share = f"{one.rate:.2%} [{one.low:.2%}, {one.high:.2%}]" if known else "none seen"
        say(f"{one.scenario:<18}{one.key:<12}{one.shown:>12,}{one.seen:>12,}{one.clicked:>10,}  {share}")

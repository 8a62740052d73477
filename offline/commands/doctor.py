"""``daogou doctor``."""

from __future__ import annotations

import typer

from offline.commands.home import HOME, Home, say

_MARKS = {"ok": "  ok  ", "warning": " note ", "broken": "BROKEN"}


def doctor_command(home: Home = HOME) -> None:
    """Say what is wrong with the shop's folder, and what to do. Exit status 1 when something is broken.

    Example: `daogou doctor`
    """
    from offline.doctor import examine

    broken = 0
    for finding in examine(home):
        broken += finding.state == "broken"
        say(f"[{_MARKS[finding.state]}] {finding.what}")
        if finding.advice:
            say(f"         {finding.advice}")
    if broken:
        raise typer.Exit(1)

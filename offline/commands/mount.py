"""Which command is where."""

from __future__ import annotations

import typer

from offline.commands.builds import build_command, publish_command, rollback_command
from offline.commands.doctor import doctor_command
from offline.commands.evaluation import evaluate_app
from offline.commands.imports import import_command
from offline.commands.rules import rules_app
from offline.commands.simulation import simulate_command


def mount(app: typer.Typer) -> None:
    """Add the jobs' commands."""
    app.command("simulate")(simulate_command)
    app.command("import")(import_command)
    app.command("build")(build_command)
    app.command("publish")(publish_command)
    app.command("rollback")(rollback_command)
    app.add_typer(evaluate_app, name="evaluate")
    app.command("doctor")(doctor_command)
    app.add_typer(rules_app, name="rules")

"""Commands of the service. What a command needs is imported when it runs."""

from __future__ import annotations

import typer

from api.commands.keys import keys_app
from api.commands.serving import serve_command


def mount(app: typer.Typer) -> None:
    """Add ``serve`` and ``keys``."""
    app.command("serve")(serve_command)
    app.add_typer(keys_app, name="keys")


__all__ = ["mount"]

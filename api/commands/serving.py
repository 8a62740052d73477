"""``daogou serve``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer


def serve_command(
    home: Annotated[
        Path | None,
        typer.Option(
            envvar="DAOGOU_HOME", help="The shop's folder.", show_default="./daogou-data", file_okay=False
        ),
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen at.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; 0: any free one.", show_default="8000", min=0, max=65535)
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="API processes.", show_default="2", min=1, max=64)
    ] = None,
    log_format: Annotated[str | None, typer.Option(help="json or text.", show_default="json")] = None,
) -> None:
    """Serve the shop: the API under /v1 and the storefront at /, with a keeper beside.

    What is published while it runs is served at once. SIGTERM lets requests finish. Every option is a
    setting too: `DAOGOU_PORT=8080 daogou serve`.

    Example: `daogou serve --port 8000 --workers 2`
    """
    from api.logs import configure_logs
    from api.serve import serve
    from api.settings import read_settings
    from indexing.contracts.errors import ConfigError

    given: dict[str, Any] = {
        "home": home,
        "host": host,
        "port": port,
        "workers": workers,
        "log_format": log_format,
    }
    settings = read_settings({name: value for name, value in given.items() if value is not None})
    if not settings.home.is_dir():
        detail = f"there is no shop at {settings.home}: daogou import or daogou simulate makes one"
        raise ConfigError(detail, field="home", code="no_shop")
    configure_logs(form=settings.log_format, level=settings.log_level)
    serve(settings, say=_say)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()

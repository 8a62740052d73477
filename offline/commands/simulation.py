"""``daogou simulate``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from offline.commands.home import HOME, Home, say


def simulate_command(
    products: Annotated[int, typer.Option(min=100, max=2_000_000)] = 20_000,
    shoppers: Annotated[int, typer.Option(min=10, max=1_000_000)] = 5_000,
    days: Annotated[int, typer.Option(min=1, max=365)] = 30,
    seed: Annotated[int, typer.Option(help="The same seed makes the same shop.")] = 1,
    last_day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of the log; yesterday without.")
    ] = None,
    home: Home = HOME,
) -> None:
    """Make the demo shop: a catalogue, shoppers with tastes, and what they did, with the truth beside it.

    Example: `daogou simulate --products 2000 --shoppers 500 --days 10`
    """
    from offline.commands.progress import Bars
    from offline.demo import make_demo

    last = (last_day or datetime.now(UTC) - timedelta(days=1)).date()
    with Bars() as bars:
        summary = make_demo(
            home,
            products=products,
            shoppers=shoppers,
            days=days,
            seed=seed,
            last_day=last,
            progress=bars,
        )
    for line in summary:
        say(line)

"""How a job says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, of how many); the caller draws."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """Says nothing."""

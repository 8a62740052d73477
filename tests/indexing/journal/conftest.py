"""A journal in a folder of its own, and events as a storefront sends them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from indexing.contracts.events import Event
from indexing.journal import Incoming, Journal, open_journal

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "shop"


@pytest.fixture
def journal(home: Path) -> Iterator[Journal]:
    with open_journal(home) as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def incoming() -> Callable[..., Incoming]:
    """Makes one: ``incoming("e1", client_id="c1", item_id="a")`` is a click at noon."""

    def make(event_id: str | None = None, **given: Any) -> Incoming:
        received_at = given.pop("received_at", NOW)
        origin = given.pop("origin", "api")
        if "client_id" not in given and "user_id" not in given:
            given["client_id"] = "c1"
        fields = {"event": "click", "timestamp": NOW, "event_id": event_id} | given
        return Incoming(Event(**fields), received_at, origin)

    return make

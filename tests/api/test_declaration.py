"""A broken ``shop.toml``: a published shop opens as it was built, another says what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings
from tests.api.conftest import Service, run

BROKEN = 'currency = "ZZZ"\nno_such_field = 1\n'


@pytest.fixture
def published(built: Path, tmp_path: Path) -> Iterator[Service]:
    """The built shop, its declaration broken since."""
    home = shutil.copytree(built, tmp_path / "shop")
    (home / "shop.toml").write_text(BROKEN, encoding="utf-8")
    yield from run(Settings(home=home, poll_seconds=0.05))


@pytest.fixture
def unpublished(tmp_path: Path) -> Iterator[Service]:
    """No snapshot, and no declaration that could be read."""
    (tmp_path / "shop.toml").write_text(BROKEN, encoding="utf-8")
    yield from run(Settings(home=tmp_path, poll_seconds=0.05))


EVENT = {"event": "click", "timestamp": "2026-03-01T10:00:00Z", "client_id": "c", "item_id": "p01"}
ITEM = {"item_id": "p", "title": "手机", "price_minor": 1}


def test_a_published_shop_stays_as_it_was_built(published: Service) -> None:
    """Searches, pages, events and items follow what the snapshot declares."""
    assert published.post("/v1/search", {"query": "手机"}).json()["total"] == 30
    assert published.call("GET", "/", key=None).status_code == 200
    assert published.post("/v1/events", {"events": [EVENT]}).json()["accepted"] == 1
    put = published.call("PUT", "/v1/items/p", json={**ITEM, "attributes": {"屏幕": "six"}})
    assert put.status_code == 400
    assert "屏幕" in put.json()["detail"]


def test_without_a_snapshot_nothing_is_taken_by_guess(unpublished: Service) -> None:
    """An event or a product is not read by the defaults: it is to be sent again."""
    for answer in (
        unpublished.post("/v1/events", {"events": [EVENT]}),
        unpublished.call("PUT", "/v1/items/p", json=ITEM),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, "no_declaration")
        assert "Retry-After" in answer.headers
    assert unpublished.call("GET", "/", key=None).status_code == 503
    assert unpublished.call("GET", "/v1/health/live", key=None).status_code == 200

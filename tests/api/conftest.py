"""A small shop with a real snapshot, its service in process, and keys of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from starlette.testclient import TestClient

from api.app import create_app
from api.service import Storekeeper
from api.settings import Settings
from indexing.contracts.items import Item
from indexing.contracts.profiles import Profile, SearchProfile
from indexing.contracts.shop import Attribute, Shop, dump_shop
from indexing.journal import open_journal
from indexing.snapshots import publish
from offline.build import BuildConfig, build

SHOP = Shop(attributes=(Attribute("颜色"), Attribute("屏幕", type="number")))
_LAUNCH = datetime(2026, 1, 1, tzinfo=UTC)


def items() -> list[Item]:
    """Thirty phones (one of them in three colours), ten coffee machines, ten mugs."""
    phones = [
        Item(
            item_id=f"p{number:02}",
            title=f"小米 Redmi 手机 型号{number} {'黑色' if number % 2 else '白色'}",
            brand="小米" if number % 3 else "华为",
            category=["数码", "手机"],
            price_minor=100_000 + 1_000 * number,
            group_id="colours" if number < 3 else None,
            attributes={"颜色": "黑色" if number % 2 else "白色", "屏幕": 5.5 + number % 3},
            created_at=_LAUNCH + timedelta(days=number),
        )
        for number in range(30)
    ]
    machines = [
        Item(
            item_id=f"c{number:02}",
            title=f"德龙 全自动咖啡机 家用 {number}号",
            brand="德龙",
            category=["家电", "厨房", "咖啡机"],
            price_minor=200_000 + number,
            in_stock=number != 9,
        )
        for number in range(10)
    ]
    mugs = [
        Item(
            item_id=f"m{number:02}",
            title=f"陶瓷 马克杯 {number}",
            category=["家居", "杯子"],
            price_minor=1_990,
        )
        for number in range(10)
    ]
    return [*phones, *machines, *mugs]


@dataclass(frozen=True)
class Service:
    """A running service.

    Attributes:
        http: a client on this machine.
        keys: a key for each scope by its name, and ``all`` with every one.
    """

    http: TestClient
    shop: Storekeeper
    keys: dict[str, str]

    def call(self, method: str, path: str, *, key: str | None = "all", **more: Any) -> Any:
        """A request with a key; ``None`` for none."""
        headers = dict(more.pop("headers", {}))
        if key is not None:
            headers.setdefault("Authorization", f"Bearer {self.keys.get(key, key)}")
        return self.http.request(method, path, headers=headers, **more)

    def post(self, path: str, body: Any, **more: Any) -> Any:
        """A body as JSON."""
        return self.call("POST", path, json=body, **more)


def run(settings: Settings) -> Iterator[Service]:
    """A service with keys of its own."""
    app = create_app(settings)
    control = app.state.shop.journal.control
    scopes = ("storefront", "merchandiser", "analyst", "operator")
    keys = {scope: control.create_key([scope], scope)[1] for scope in scopes}
    keys["all"] = control.create_key(scopes, "all")[1]
    with TestClient(app, client=("127.0.0.1", 50_000), raise_server_exceptions=False) as http:
        yield Service(http, app.state.shop, keys)


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> None:
    """Structlog's own default prints tracebacks with locals, and takes seconds for it."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(50), cache_logger_on_first_use=False
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop with a published snapshot."""
    home = tmp_path_factory.mktemp("shop")
    (home / "shop.toml").write_text(dump_shop(SHOP), encoding="utf-8")
    with open_journal(home) as journal:
        journal.catalogue.put(items())
    name = build(home, BuildConfig(train=False), progress=lambda _name, _done, _total: None).name
    with open_journal(home) as journal:
        journal.control.put_profile(Profile(name="words", search=SearchProfile(vectors=False)), "test")
        publish(home, journal.control, name, actor="test")
    return home


@pytest.fixture(scope="session")
def service(built: Path) -> Iterator[Service]:
    """The shop, served; tests may add events and must not change the catalogue."""
    yield from run(Settings(home=built, feature_share=1.0, poll_seconds=0.05))


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Service]:
    """A shop without a snapshot."""
    yield from run(Settings(home=tmp_path, poll_seconds=0.05))

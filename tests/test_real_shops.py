"""Real data from its file to a served page: a British gift shop, and Chinese phones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from indexing.journal import open_journal
from indexing.snapshots import publish
from offline.build import BuildConfig, build
from offline.importers import Kind, Summary, run_import

pytestmark = pytest.mark.slow


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that is not shown."""


def opened(home: Path, kind: Kind, path: Path) -> tuple[Summary, str]:
    """Import, build and publish; a key for the API."""
    summary = run_import(home, kind, path)
    built = build(home, BuildConfig(text_pairs=5_000), progress=nothing)
    with open_journal(home) as journal:
        publish(home, journal.control, built.name, actor="test")
        _, key = journal.control.create_key(["storefront"], "test", actor="test")
    return summary, key


@pytest.fixture(scope="module")
def gifts(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[TestClient]:
    """UCI Online Retail, all of it."""
    home = tmp_path_factory.mktemp("gifts")
    summary, key = opened(home, "online-retail", shared_data / "baskets/online-retail.csv.gz")
    assert (summary.read, summary.items, summary.events) == (541_909, 3_812, 23_531)
    with TestClient(create_app(Settings(home=home)), headers={"Authorization": f"Bearer {key}"}) as client:
        yield client


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[TestClient]:
    """661 phones, and nobody has done anything yet."""
    home = tmp_path_factory.mktemp("phones")
    _, key = opened(home, "leyou", shared_data / "chinese/catalogue")
    with TestClient(create_app(Settings(home=home)), headers={"Authorization": f"Bearer {key}"}) as client:
        yield client


def recommend(client: TestClient, scenario: str, **more: object) -> list[dict]:
    answer = client.post("/v1/recommend", json={"scenario": scenario, "limit": 10, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_an_english_shop_finds_the_singular_by_the_plural(gifts: TestClient) -> None:
    """mugs and mug, in prices of pounds."""
    plural, singular = (
        gifts.post("/v1/search", json={"query": q, "page_size": 50}).json() for q in ("mugs", "mug")
    )
    assert plural["total"] == singular["total"] > 20
    assert all("MUG" in one["item"]["title"].upper() for one in plural["items"][:10])


def test_what_is_bought_together_is_recommended_together(gifts: TestClient) -> None:
    """The green regency teacup goes with the pink and the roses ones."""
    found = recommend(gifts, "bought_together", item_ids=["22697"])
    titles = [one["item"]["title"] for one in found]
    assert sum("REGENCY" in title for title in titles[:3]) >= 2
    assert found[0]["reason"]["code"] == "bought_together"


def test_the_english_storefront_opens(gifts: TestClient) -> None:
    """In English, with pounds."""
    page = gifts.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "Selling now" in page.text
    assert "£" in page.text


def test_a_shop_without_a_log_searches_and_recommends(phones: TestClient) -> None:
    """小米手机: Xiaomi phones; in traditional characters too; similar ones by content."""
    answer = phones.post("/v1/search", json={"query": "小米手机"}).json()
    assert answer["total"] == phones.post("/v1/search", json={"query": "小米手機"}).json()["total"] > 50
    assert all(one["item"]["brand"].startswith("小米") for one in answer["items"])
    assert {one["value"] for one in answer["facets"]["attributes.颜色"]} >= {"黑色", "金色"}
    assert len(recommend(phones, "home")) == 10
    similar = recommend(phones, "similar", item_ids=["2600242"])
    assert similar
    assert sum(one["item"]["brand"].startswith("华为") for one in similar) >= 3


def test_the_chinese_storefront_opens(phones: TestClient) -> None:
    """Prices in yuan, and a phone's own page with its variants."""
    page = phones.get("/item/2600242", headers={"Accept": "text/html"})
    assert "¥849" in page.text
    assert "选择款式" in page.text

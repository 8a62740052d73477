"""A small shop and its snapshots."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexing.contracts.items import Item
from indexing.contracts.shop import Attribute, Shop
from indexing.snapshots import Snapshot, SnapshotWriter
from indexing.snapshots import writer as writer_module
from indexing.snapshots.storable import bodies_of
from indexing.text import Analyser, build_analyser, golden
from indexing.vectors import build_index

SHOP = Shop(
    name="小店",  # little shop
    attributes=(Attribute("颜色"), Attribute("weight_g", "number"), Attribute("防水", "flag")),
)
NOW = datetime(2026, 11, 22, 10, 30, 0, 123_456, UTC)
ROWS = 60

_BRANDS = ("小米", "华为", "HUAWEI", "Nestlé", None)
_KINDS = (("咖啡机", ["家电", "厨房"]), ("智能手机", ["数码", "手机"]), ("运动鞋", []))


def make_item(number: int) -> Item:
    """An item; the number decides everything."""
    kind, category = _KINDS[number % 3]
    brand = _BRANDS[number % 5]
    return Item(
        item_id=f"p{number:04}",
        title=f"{brand or ''} {kind} {number}型",
        brand=brand,
        category=category,
        price_minor=None if number % 7 == 0 else 100 * number,
        in_stock=number % 4 != 0,
        group_id=f"g{number // 2}",
        attributes={
            "颜色": ["红", "黑"][: number % 3],
            "weight_g": number * 1.5,
            "防水": number % 2 == 0,
            "x": 1,
        },
        tags=["新品"] if number % 2 else [],
        rating=None if number % 6 == 0 else number % 5 + 0.5,
        created_at=NOW - timedelta(days=number),
    )


def make_items(rows: int = ROWS) -> list[Item]:
    return [make_item(number) for number in range(rows)]


_KNOWN: dict[tuple[str, ...], str] = {}


@pytest.fixture(scope="module", autouse=True)
def _golden_once() -> Iterator[None]:
    """Analyse the golden titles once for each dictionary (.4 s), not at every opening; in the modules of
    this folder only."""
    compute = golden.fingerprint

    def remembered(modes: Any) -> str:
        words = modes[0].__self__.words
        if words not in _KNOWN:
            _KNOWN[words] = compute(modes)
        return _KNOWN[words]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(golden, "fingerprint", remembered)
        yield


@pytest.fixture(scope="session")
def analyser() -> Analyser:
    return build_analyser(["咖啡机", "智能手机", "运动鞋", "小米", "华为"])


def build(
    home: Path, *, analyser: Analyser, rows: int = ROWS, now: datetime = NOW, synced: bool = False
) -> Path:
    """A whole snapshot with an index of each kind and two models; synced only when asked (.4 s of disk)."""
    rng = np.random.default_rng(rows)
    with pytest.MonkeyPatch.context() as patch, SnapshotWriter(home, SHOP, now=now, items=rows) as writer:
        if not synced:
            patch.setattr(writer_module, "sync_tree", lambda _: None)
        writer.write_items(bodies_of(make_items(rows)), analyser)
        vectors = rng.standard_normal((rows, 8), np.float32)
        for kind, exact_below in (("text", 50_000), ("factors", 0)):
            folder = writer.folder / "vectors" / kind
            build_index(vectors, folder, kind=kind, seed=1, exact_below=exact_below, queries=vectors[:8])
        for name in ("popularity", "factors"):
            (writer.folder / "models" / name).mkdir(parents=True)
        np.save(writer.folder / "models" / "popularity" / "scores.npy", rng.random(rows, np.float32))
        np.save(writer.folder / "models" / "factors" / "items.npy", vectors)
        return writer.finish(catalogue_seq=7, seed=1)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, analyser: Analyser) -> Path:
    """One snapshot's folder; not to be changed."""
    return build(tmp_path_factory.mktemp("home"), analyser=analyser)


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(built, tmp_path / "snapshots" / built.name))


@pytest.fixture(scope="session")
def snapshot(built: Path) -> Iterator[Snapshot]:
    opened = Snapshot.open(built)
    yield opened
    opened.close()


Build = Callable[..., Path]


@pytest.fixture
def build_snapshot(analyser: Analyser) -> Build:
    """``build_snapshot(home, rows=60, now=…)`` makes one; see :func:`build`."""
    return partial(build, analyser=analyser)


@pytest.fixture(scope="session")
def items() -> list[Item]:
    """The items of ``built``, by row."""
    return make_items()


@pytest.fixture(scope="session")
def shop() -> Shop:
    return SHOP


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW

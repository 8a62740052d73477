"""A small shop with a journal, a snapshot with a text model, and the random life of its catalogue."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexing.contracts.items import Item
from indexing.contracts.shop import Attribute, Shop
from indexing.journal import Journal, open_journal
from indexing.keeper import LiveCatalogue
from indexing.keeper.folder import folder_of, is_sound, prepare
from indexing.keeper.writer import LiveWriter
from indexing.snapshots import Snapshot, SnapshotWriter
from indexing.snapshots import writer as writer_module
from indexing.snapshots.storable import bodies_of
from indexing.snapshots.store import snapshots_folder
from indexing.text import Analyser, build_analyser, golden
from indexing.vectors import StaticEmbedder, build_index, save_embedder

SHOP = Shop(attributes=(Attribute("颜色"), Attribute("weight", "number"), Attribute("防水", "flag")))
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
WORDS = ("咖啡机", "手机", "运动鞋", "小米", "华为", "轻便", "家用", "新款", "红色", "黑色")
ROWS = 40


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
        patch.setattr(writer_module, "sync_tree", lambda _: None)
        yield


@pytest.fixture(scope="session")
def analyser() -> Analyser:
    return build_analyser(list(WORDS))


def random_item(rng: random.Random, item_id: str) -> Item:
    """Every field is there or not."""
    titles = rng.sample(WORDS, rng.randint(1, 4))
    category = rng.choice(
        [[], ["家电"], ["家电", "厨房"], ["家电", "厨房", "咖啡机"], ["数码", f"类{rng.randint(0, 9)}"]]
    )
    attributes: dict[str, Any] = {}
    if rng.random() < 0.7:
        attributes["颜色"] = rng.sample(["红", "黑", "白", f"色{rng.randint(0, 30)}"], rng.randint(1, 3))
    if rng.random() < 0.5:
        attributes["weight"] = rng.choice([0.0, -1.5, 2.25, 100.0])
    if rng.random() < 0.5:
        attributes["防水"] = rng.random() < 0.5
    return Item(
        item_id=item_id,
        title=" ".join(titles),
        brand=rng.choice([None, "小米", "華為", "Nestlé", f"牌{rng.randint(0, 20)}"]),
        category=category,
        price_minor=rng.choice([None, 0, *range(100, 2000, 100)]),
        list_price_minor=rng.choice([None, 5000]),
        in_stock=rng.random() < 0.8,
        group_id=rng.choice([None, f"g{rng.randint(0, 30)}"]),
        attributes=attributes,
        tags=rng.sample(["新品", "清仓", f"签{rng.randint(0, 9)}"], rng.randint(0, 3)),
        rating=rng.choice([None, 3.5, 5.0]),
        rating_count=rng.choice([None, 7]),
        created_at=rng.choice([None, NOW - timedelta(days=rng.randint(0, 99))]),
        description=rng.choice([None, "说明"]),
        version=None,
    )


class World:
    """A shop's folder and what happens in it."""

    def __init__(self, home: Path, analyser: Analyser) -> None:
        self.home = home
        self.analyser = analyser
        self.journal: Journal = open_journal(home)
        self.writers: list[LiveWriter] = []
        self.catalogues: list[LiveCatalogue] = []
        self.built = 0

    def items(self) -> list[Item]:
        """The catalogue now, by id."""
        found = [change.item for change in self.journal.catalogue.changes(0, 1_000_000)]
        return sorted((item for item in found if item), key=lambda item: item.item_id)

    def build(self) -> str:
        """A snapshot of the catalogue now. Returns its name."""
        items, seq = self.items(), self.journal.catalogue.seq()
        self.built += 1
        now = NOW + timedelta(seconds=self.built)
        with SnapshotWriter(self.home, SHOP, now=now, items=len(items)) as writer:
            writer.write_items(bodies_of(items), self.analyser)
            model = writer.folder / "models" / "text"
            matrix = np.random.default_rng(1).standard_normal((len(WORDS), 8)).astype(np.float32)
            save_embedder(model, WORDS, matrix)
            vectors = StaticEmbedder.open(model, self.analyser).encode([item.title for item in items])
            build_index(vectors, writer.folder / "vectors" / "text", kind="text", seed=1)
            return writer.finish(catalogue_seq=seq, seed=1).name

    def path(self, name: str) -> Path:
        return snapshots_folder(self.home) / name

    def fresh(self) -> Snapshot:
        """The catalogue now, as a build sees it."""
        return Snapshot.open(self.path(self.build()))

    def writer(self, name: str) -> LiveWriter:
        """A live writer, as the keeper opens it."""
        snapshot = Snapshot.open(self.path(name))
        folder = folder_of(self.home, name)
        if not is_sound(folder):
            prepare(self.home, snapshot)
        self.writers.append(LiveWriter(snapshot, folder))
        return self.writers[-1]

    def follow(self, writer: LiveWriter) -> int:
        """Until it is up to date."""
        return writer.follow(self.journal.catalogue.changes, seconds=60)

    def open(self, name: str, *, wait_s: float = 5.0) -> LiveCatalogue:
        self.catalogues.append(LiveCatalogue.open(self.home, name, wait_s=wait_s))
        return self.catalogues[-1]

    def live_a_little(self, rng: random.Random, steps: int) -> None:
        """Random puts, patches and deletions of known and new items."""
        table = self.journal.catalogue
        for _ in range(steps):
            item_id = f"p{rng.randint(0, 60):03}"
            kind = rng.random()
            if kind < 0.35:
                table.put([random_item(rng, item_id)])
            elif kind < 0.5:
                table.delete([item_id])
            else:
                changes = [
                    {"price_minor": rng.choice([None, rng.randint(1, 3000)])},
                    {"in_stock": rng.random() < 0.5, "list_price_minor": rng.choice([None, 9000])},
                    {"title": " ".join(rng.sample(WORDS, 2))},
                    {"tags": rng.sample(["新品", "热卖", "清仓"], rng.randint(0, 2)), "brand": "新牌"},
                    {"category": ["数码", "手机"], "rating": rng.choice([None, 4.0])},
                    {"attributes": {"颜色": ["蓝"], "weight": 7}},
                ]
                table.patch(item_id, rng.choice(changes))

    def close(self) -> None:
        for one in (*self.writers, *self.catalogues):
            one.close()
        self.journal.close()


@pytest.fixture
def world(tmp_path: Path, analyser: Analyser) -> Iterator[World]:
    """A shop of forty products."""
    made = World(tmp_path, analyser)
    rng = random.Random(7)
    made.journal.catalogue.put([random_item(rng, f"p{number:03}") for number in range(ROWS)])
    yield made
    made.close()

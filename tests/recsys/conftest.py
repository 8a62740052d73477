"""A catalogue in memory, models written by hand, and a shop with planted tastes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from indexing.contracts.columns import Columns, Mask
from indexing.contracts.filter_mask import mask as filter_mask
from indexing.contracts.filters import Filter
from indexing.contracts.items import Item
from indexing.contracts.memory_columns import columns_of
from indexing.contracts.shop import Shop
from indexing.contracts.strings import SortedStrings
from indexing.text import fold
from indexing.vectors import ExactIndex, VectorIndex

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Did:
    """An action of a shopper."""

    event: str
    item_id: str | None
    timestamp: datetime = NOW
    query: str | None = None


class FakeCatalogue:
    """``Catalogue`` over a list of items; the last ``live`` of them were added since the build."""

    def __init__(
        self, items: Sequence[Item], folder: Path, *, live: int = 0, dead: Sequence[int] = ()
    ) -> None:
        assert [item.item_id for item in items] == sorted(item.item_id for item in items)
        self._items = list(items)
        self._ids = SortedStrings.of(item.item_id for item in items)
        self._folder = folder
        self._indexes: dict[str, VectorIndex] = {}
        self._alive = np.ones(len(items), np.bool_)
        self._alive[list(dead)] = False
        self.shop = Shop()
        self.snapshot_name = "fake"
        self.catalogue_seq = 0
        self.rows = len(items)
        self.built_rows = len(items) - live
        self.columns: Columns = columns_of(items, self.shop, fold)

    def put_index(self, name: str, vectors: npt.NDArray[np.float32]) -> None:
        self._indexes[name] = ExactIndex(np.ascontiguousarray(vectors, np.float32))

    def vectors(self, name: str) -> VectorIndex | None:
        return self._indexes.get(name)

    def alive(self) -> Mask:
        return self._alive

    def mask(self, condition: Filter | None) -> Mask:
        if condition is None:
            return self._alive
        return filter_mask(condition, self.columns, self.rows_of) & self._alive

    def row_of(self, item_id: str) -> int:
        row = self._ids.find(item_id)
        return row if row >= 0 and self._alive[row] else -1

    def rows_of(self, item_ids: Iterable[str]) -> npt.NDArray[np.int32]:
        return np.fromiter((self.row_of(item_id) for item_id in item_ids), np.int32)

    def id_of(self, row: int) -> str:
        return self._ids[row]

    def item(self, row: int) -> Item:
        return self._items[row]

    def items(self, rows: npt.NDArray[np.int32]) -> list[Item]:
        return [self._items[row] for row in rows.tolist()]

    def model(self, name: str) -> Path | None:
        path = self._folder / name
        return path if path.exists() else None

    @property
    def analyser(self) -> object:
        raise NotImplementedError("recommendation reads no text")

    @property
    def lexical(self) -> object:
        raise NotImplementedError("recommendation asks no words")


@dataclass
class ModelFiles:
    """Writes the files of ``models/``, in the form of ARCHITECTURE.md."""

    folder: Path

    def factors(
        self, items: npt.NDArray[np.float32], *, alpha: float = 10.0, regularization: float = 0.1
    ) -> None:
        folder = self._new("factors")
        lengths = np.linalg.norm(items, axis=1).astype(np.float32)
        order = np.argsort(-lengths, kind="stable").astype(np.int32)
        np.save(folder / "items.npy", items.astype(np.float32))
        np.save(folder / "by_length.npy", items[order])
        np.save(folder / "order.npy", order)
        np.save(folder / "lengths.npy", lengths[order])
        wide = items.astype(np.float64)
        np.save(folder / "gram.npy", wide.T @ wide)
        settings = {"factors": items.shape[1], "regularization": regularization, "alpha": alpha}
        (folder / "model.json").write_bytes(msgspec.json.encode(settings | {"event_weights": {}}))

    def neighbours(
        self, name: str, of: Mapping[int, Mapping[int, float]], rows: int, most: int = 50
    ) -> None:
        folder = self._new(name)
        near = np.full((rows, most), -1, np.int32)
        scores = np.zeros((rows, most), np.float32)
        for row, found in of.items():
            ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
            near[row, : len(ordered)] = [one for one, _ in ordered]
            scores[row, : len(ordered)] = [score for _, score in ordered]
        np.save(folder / "neighbours.npy", near)
        np.save(folder / "scores.npy", scores)

    def complements(
        self,
        kinds: npt.NDArray[np.int32],
        partners: Mapping[int, Mapping[int, float]],
        best: npt.NDArray[np.int32],
    ) -> None:
        folder = self._new("complements")
        table = np.full((len(best), 4), -1, np.int32)
        scores = np.zeros((len(best), 4), np.float32)
        for kind, found in partners.items():
            for place, (other, score) in enumerate(sorted(found.items(), key=lambda pair: -pair[1])):
                table[kind, place], scores[kind, place] = other, score
        for name, array in (("kinds", kinds), ("partners", table), ("excess", scores), ("best", best)):
            np.save(folder / f"{name}.npy", array)

    def scores(self, name: str, scores: npt.ArrayLike, now: datetime = NOW) -> None:
        folder = self._new(name)
        given = np.asarray(scores, np.float32)
        np.save(folder / "scores.npy", given)
        np.save(folder / "order.npy", np.argsort(-given, kind="stable").astype(np.int32))
        (folder / "model.json").write_bytes(msgspec.json.encode({"now": now.timestamp()}))

    def _new(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True)
        return folder


@dataclass
class PlantedShop:
    """Forty kinds of products, twelve of each; shoppers of one kind like all of it.

    Attributes:
        kind_of: kind by row.
        complements: kind that goes with each kind (coffee machines with beans).
    """

    catalogue: FakeCatalogue
    kind_of: npt.NDArray[np.int32]
    complements: Mapping[int, int]
    neighbours: Mapping[int, Mapping[int, float]] = field(default_factory=dict)
    together: Mapping[int, Mapping[int, float]] = field(default_factory=dict)

    def ids(self, kind: int) -> list[str]:
        return [self.catalogue.id_of(int(row)) for row in np.flatnonzero(self.kind_of == kind)]


KINDS, EACH = 40, 12


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def did() -> Callable[..., list[Did]]:
    """Actions on products, the first given the newest, a minute apart."""

    def make(event: str, *item_ids: str, days_ago: float = 0.0) -> list[Did]:
        start = NOW - timedelta(days=days_ago)
        return [Did(event, one, start - timedelta(minutes=place)) for place, one in enumerate(item_ids)]

    return make


@pytest.fixture
def models(tmp_path: Path) -> ModelFiles:
    return ModelFiles(tmp_path / "models")


@pytest.fixture
def make_catalogue(tmp_path: Path) -> Callable[..., FakeCatalogue]:
    def make(items: Sequence[Item], **kwargs: object) -> FakeCatalogue:
        return FakeCatalogue(items, tmp_path / "models", **kwargs)  # type: ignore[arg-type]

    return make


@pytest.fixture
def planted(models: ModelFiles, tmp_path: Path) -> PlantedShop:
    """All models there, each agreeing with the planted kinds."""
    rng = np.random.default_rng(7)
    rows = KINDS * EACH
    kind = np.repeat(np.arange(KINDS, dtype=np.int32), EACH)
    catalogue = FakeCatalogue([_item(row, int(kind[row]), rng) for row in range(rows)], tmp_path / "models")
    complements = {one: (one + 1) % KINDS for one in range(KINDS)}
    directions = rng.normal(size=(KINDS, 16))
    vectors = directions[kind] + 0.3 * rng.normal(size=(rows, 16))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    catalogue.put_index("text", unit.astype(np.float32))
    catalogue.put_index("factors", vectors.astype(np.float32))
    models.factors(vectors)
    near = {
        row: {int(o): float(rng.uniform(0.2, 0.6)) for o in np.flatnonzero(kind == kind[row]) if o != row}
        | {int(o): 0.15 for o in np.flatnonzero(kind == complements[int(kind[row])])[:4]}
        for row in range(rows)
    }
    together = {
        row: {
            int(o): float(rng.uniform(0.2, 0.6))
            for o in np.flatnonzero(kind == complements[int(kind[row])])
        }
        for row in range(rows)
    }
    models.neighbours("item_item", near, rows)
    models.neighbours("co_purchase", together, rows, 20)
    models.complements(
        kind,
        {one: {other: 0.5} for one, other in complements.items()},
        np.arange(rows, dtype=np.int32).reshape(KINDS, EACH),
    )
    models.scores("trend", rng.exponential(size=rows))
    models.scores("popularity", rng.uniform(size=rows))
    return PlantedShop(catalogue, kind, complements, near, together)


def _item(row: int, kind: int, rng: np.random.Generator) -> Item:
    return Item(
        item_id=f"p{row:04d}",
        title=f"商品 {row}",
        brand=f"brand{rng.integers(30)}",
        category=["root", f"part{kind // 4}", f"kind{kind}"],
        price_minor=int(rng.integers(1_000, 100_000)),
        in_stock=bool(rng.uniform() < 0.9),
        created_at=NOW - timedelta(days=float(rng.uniform(0, 400))),
    )

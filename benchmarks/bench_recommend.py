"""``recommend`` over a large synthetic shop, against the bare FAISS and numpy work that it needs.

    python benchmarks/bench_recommend.py --items 1000000

The home page of shoppers with 30 recent actions: unfiltered (in stock), with a filter that keeps a tenth,
and a page of similar products. The bare work is what no implementation can do without: the mask of the
filter, one search in each vector index for as many candidates, and one gather of neighbours. In one
process, after others have asked, twenty shoppers ask for one kind of list, then for the next, and so on
until all have asked, then all are given the bare work in the same way, and that three times: what each kind
reads stays in the processor's caches as far as it finds room, and a slow minute of the machine falls upon
all. Each shopper's quickest of the three says what the work takes by itself. The bare work reads FAISS's
graph, which no list needs, so that it is not done between them: the first lists after it take up to a
quarter longer.

``a tenth`` is one filter, as of a page of the shop; ``another tenth`` a new one for each request, which
compares the price of every product, and ``a category`` one of ten in turn, a tenth each: what is near a
shopper's clicks is mostly of other categories. Factors are trained on generated visits; neighbours and
texts are random in clusters of some five hundred, and categories follow these. (With as many clusters in a
shop of 100,000 as in one of a million, a list of two hundred would be of many that have nothing in common,
and half of the text index was read; of a shop's own titles six lists in 512 are.) ``recall`` is the share
of the exact best 200 by factors that the source found for these shoppers.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import faiss
import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from threadpoolctl import threadpool_limits

from indexing.contracts import filter_mask
from indexing.contracts.columns import FieldKind, TextColumn, field_kinds, postings_of
from indexing.contracts.filters import Compare, Filter, all_of
from indexing.contracts.memory_columns import MemoryColumns
from indexing.contracts.ranking import Ranking
from indexing.contracts.shop import Shop
from indexing.contracts.strings import SortedStrings
from indexing.snapshots.reading_ahead import ReadingAhead
from indexing.vectors import VectorIndex, build_index, open_index
from offline.jobs.factors import FactorConfig
from offline.jobs.factors import factors as train_factors
from offline.jobs.interactions import CODES, Interactions, Seen
from recsys import RecommendEngine, RecommendRequest
from recsys.ask import Ask, Seeds
from recsys.folding import fold_in
from recsys.models import open_models
from recsys.sources.factors import factors
from recsys.taste import read_taste

NOW = datetime(2026, 3, 1, tzinfo=UTC)
WARM, QUOTA = 100, 200
ROUNDS, TURN = 3, 20  # the slowest hundredth of 300 would be three requests
CLUSTER, LEAVES, BRANDS, TEXT = 500, 300, 5_000, 128  # so many products a cluster, in a shop of any size
TENTH = Compare("price_minor", "<", 0.1)
IN_STOCK = Compare("in_stock", "=", True)


@dataclass(frozen=True)
class Click:
    """An action."""

    item_id: str
    timestamp: datetime
    event: str = "click"
    query: str | None = None


class BenchCatalogue:
    """``Catalogue`` over generated columns and the models of a folder."""

    def __init__(self, folder: Path, rows: int) -> None:
        self._folder = folder
        self._ids = SortedStrings(pa.array([f"p{row:08}" for row in range(rows)], pa.large_string()))
        self._vectors = {name: open_index(folder / "vectors" / name) for name in ("factors", "text")}
        self._alive = np.ones(rows, np.bool_)
        self.snapshot_name, self.catalogue_seq, self.shop = "bench", 0, Shop()
        self.rows = self.built_rows = rows
        self.columns = columns(rows, self.shop)

    def vectors(self, name: str) -> VectorIndex | None:
        return self._vectors.get(name)

    def mask(self, condition: Filter | None) -> npt.NDArray[np.bool_]:
        return self._alive if condition is None else filter_mask.mask(condition, self.columns, self.rows_of)

    def rows_of(self, item_ids: Iterable[str]) -> npt.NDArray[np.int32]:
        return self._ids.find_all(item_ids)

    def id_of(self, row: int) -> str:
        return self._ids[row]

    def model(self, name: str) -> Path | None:
        path = self._folder / "models" / name
        return path if path.exists() else None


def columns(rows: int, shop: Shop) -> MemoryColumns:
    """Prices uniform in [0, 1), nine of ten in stock, three category paths, brands by Zipf's law."""
    rng = np.random.default_rng(1)
    kinds: dict[str, FieldKind] = field_kinds(shop)
    leaf = clusters(np.random.default_rng(0), rows) % LEAVES  # what reads alike is of one category
    codes = np.stack([leaf % 10, 10 + leaf % 60, 70 + leaf], axis=1).astype(np.int32).ravel()
    ends = np.arange(0, 3 * rows + 1, 3)
    names = SortedStrings.of(f"c{code:05}" for code in range(70 + LEAVES))
    brands = SortedStrings.of(f"b{code:05}" for code in range(BRANDS + 1))
    texts = {
        "category": TextColumn(names, list(names), codes, ends, postings_of(codes, ends, len(names))),
        "brand": TextColumn(brands, list(brands), np.minimum(rng.zipf(1.3, rows), BRANDS).astype(np.int32)),
        "group_id": TextColumn(SortedStrings.of([]), [], np.full(rows, -1, np.int32)),
    }
    numbers = {
        "price_minor": rng.random(rows),
        "in_stock": (rng.random(rows) < 0.9).astype(np.float64),
        "created_at": NOW.timestamp() - rng.random(rows) * 86_400 * 700,
    }
    return MemoryColumns(rows, kinds, numbers, texts)


def build(folder: Path, rows: int) -> dict[str, Any]:
    """Models and indexes, once; they are kept in ``folder``.

    The factors are trained on the visits of generated shoppers: vectors drawn at random are either much
    easier or much harder to search than what ALS makes.
    """
    rng = np.random.default_rng(0)
    cluster = clusters(rng, rows)
    train_factors(visits(cluster, rng), folder / "models" / "factors", config=FactorConfig(iterations=8))
    centres = rng.standard_normal((rows // CLUSTER, TEXT))
    text = (centres[cluster] + 0.8 * rng.standard_normal((rows, TEXT))).astype(np.float32)
    text /= np.linalg.norm(text, axis=1, keepdims=True)
    reports: dict[str, Any] = {}
    items = np.load(folder / "models" / "factors" / "items.npy")
    for name, kind, vectors in (("factors", "factors", items), ("text", "text", text)):
        started = time.perf_counter()
        report = build_index(vectors, folder / "vectors" / name, kind=kind, seed=0)  # type: ignore[arg-type]
        reports[name] = msgspec.to_builtins(report) | {"seconds": time.perf_counter() - started}
    _neighbours(folder / "models" / "item_item", cluster, rng)
    for name in ("trend", "popularity"):
        _scores(folder / "models" / name, rng.exponential(size=rows).astype(np.float32))
    (folder / "reports.json").write_text(json.dumps(reports, default=str))
    return reports


def clusters(rng: np.random.Generator, rows: int) -> npt.NDArray[np.int64]:
    """Of each row, the first that is drawn."""
    return rng.integers(0, rows // CLUSTER, rows)


def visits(cluster: npt.NDArray[np.int64], rng: np.random.Generator) -> Interactions:
    """Twenty visits for each product: shoppers like three clusters, products of one by Zipf's law."""
    rows, most = len(cluster), int(cluster.max()) + 1
    count, people = 20 * rows, max(rows // 5, 1_000)
    shopper = np.sort(rng.integers(0, people, count)).astype(np.int32)
    liked = rng.integers(0, most, (people, 3))[shopper, rng.integers(0, 3, count)]
    order = np.argsort(cluster, kind="stable")
    sizes = np.bincount(cluster)
    starts = np.cumsum(sizes) - sizes
    place = ((sizes[liked] + 1.0) ** rng.random(count) - 1.0).astype(np.int64)  # 1 / place, roughly
    wild = rng.random(count) < 0.2
    row = np.where(
        wild, rng.integers(0, rows, count), order[starts[liked] + np.minimum(place, sizes[liked] - 1)]
    )
    zeros = np.zeros(count, np.int64)
    nothing = Seen(np.zeros(0, np.int32), np.zeros(0, np.int16))
    event = np.full(count, CODES["click"], np.uint8)
    none = np.full(count, -1, np.int32)
    return Interactions(
        shopper, row.astype(np.int32), event, zeros, none, none, people, 0, 0, rows, 0, nothing
    )


def _neighbours(folder: Path, cluster: npt.NDArray[np.int64], rng: np.random.Generator) -> None:
    """Fifty products of the same cluster each."""
    folder.mkdir(parents=True)
    order = np.argsort(cluster, kind="stable").astype(np.int32)
    sizes = np.bincount(cluster)
    starts = np.cumsum(sizes) - sizes
    near = starts[cluster][:, None] + rng.integers(0, sizes[cluster][:, None], (len(cluster), 50))
    np.save(folder / "neighbours.npy", order[near])
    np.save(folder / "scores.npy", np.sort(rng.random((len(cluster), 50), np.float32))[:, ::-1].copy())


def _scores(folder: Path, scores: npt.NDArray[np.float32]) -> None:
    folder.mkdir(parents=True)
    np.save(folder / "scores.npy", scores)
    np.save(folder / "order.npy", np.argsort(-scores, kind="stable").astype(np.int32))
    (folder / "model.json").write_bytes(msgspec.json.encode({"now": NOW.timestamp()}))


def shoppers(rows: int, number: int, *, seed: int = 2) -> list[list[Click]]:
    """Thirty clicks each, on any products."""
    rng = np.random.default_rng(seed)
    return [
        [
            Click(f"p{row:08}", NOW - timedelta(minutes=place))
            for place, row in enumerate(rng.integers(0, rows, 30).tolist())
        ]
        for _ in range(number)
    ]


def bare_work(catalogue: BenchCatalogue, quota: int) -> Callable[[Sequence[Click], Filter | None], None]:
    """Mask, two searches, one gather."""
    models = open_models(catalogue)  # type: ignore[arg-type]
    items, text = catalogue.vectors("factors"), catalogue.vectors("text")
    assert models.factors is not None
    assert models.item_item is not None
    assert items is not None
    assert text is not None

    def work(clicks: Sequence[Click], condition: Filter | None) -> None:
        taste = read_taste(clicks, catalogue)  # type: ignore[arg-type]
        mask = catalogue.mask(all_of(IN_STOCK, condition))
        folded = fold_in(models.factors, taste.rows, taste.weights)  # type: ignore[arg-type]
        assert folded is not None
        items.search(folded.vector, quota, mask=mask)
        mean = text.vectors(taste.rows).mean(axis=0)
        text.search(mean / np.linalg.norm(mean), quota, mask=mask)
        models.item_item.rows[taste.rows]  # type: ignore[union-attr]

    return work


def compare(catalogue: BenchCatalogue, number: int) -> dict[str, Any]:
    """Ours and the bare work in turn."""
    engine = RecommendEngine(catalogue)  # type: ignore[arg-type]
    bare = bare_work(catalogue, QUOTA)
    people = shoppers(catalogue.rows, number)

    def ours(scenario: str, clicks: Sequence[Click], condition: Filter | None) -> dict[str, float]:
        items = [clicks[0].item_id] if scenario == "similar" else []
        request = RecommendRequest(scenario, NOW, actions=clicks, filter=condition, item_ids=items)
        result = engine.recommend(request)
        assert len(result.ranking) == 20
        return dict(result.timings_ms)

    anew = (Compare("price_minor", "<", 0.1 + 1e-9 * place) for place in itertools.count())
    roots = itertools.cycle([Compare("category", "=", f"c{code:05}") for code in range(10)])
    cases: dict[str, Callable[[Sequence[Click]], Any]] = {
        "home": lambda clicks: ours("home", clicks, None),
        "home, a tenth": lambda clicks: ours("home", clicks, TENTH),
        "home, another tenth": lambda clicks: ours("home", clicks, next(anew)),
        "home, a category": lambda clicks: ours("home", clicks, next(roots)),
        "similar": lambda clicks: ours("similar", clicks, None),
        "similar, a tenth": lambda clicks: ours("similar", clicks, TENTH),
        "trending, a tenth": lambda clicks: ours("trending", clicks, TENTH),
        "bare": lambda clicks: bare(clicks, None),
        "bare, a tenth": lambda clicks: bare(clicks, TENTH),
    }
    times: dict[str, list[float]] = {name: [] for name in cases}
    stages: dict[str, list[dict[str, float]]] = {name: [] for name in cases}
    for clicks in shoppers(catalogue.rows, WARM, seed=3):
        for case in cases.values():
            case(clicks)
    gc.collect()
    gc.freeze()  # as the workers of ``daogou serve`` do
    bares = [name for name in cases if name.startswith("bare")]
    for names in [[name for name in cases if name not in bares], bares] * ROUNDS:
        for begin, name in itertools.product(range(0, len(people), TURN), names):
            for clicks in people[begin : begin + TURN]:
                started = time.perf_counter()
                spent = cases[name](clicks)
                times[name].append((time.perf_counter() - started) * 1e3)
                stages[name].append(spent or {})
    return {
        name: {
            "p50_ms": round(float(np.percentile(spent, 50)), 3),
            "p99_ms": round(float(np.percentile(spent, 99)), 3),
            "quickest_p99_ms": round(float(np.percentile(_quickest(spent, len(people)), 99)), 3),
            "stages_p50_ms": {
                stage: round(float(np.median([one[stage] for one in stages[name]])), 3)
                for stage in stages[name][-1]
            },
        }
        for name, spent in times.items()
    }


def _quickest(spent: Sequence[float], people: int) -> npt.NDArray[np.float64]:
    """Each shopper's quickest of the rounds: what the work takes, without what else the machine does."""
    return np.reshape(spent, (ROUNDS, people)).min(axis=0)


def recall(catalogue: BenchCatalogue, condition: Filter | None, number: int) -> float:
    """Of the source ``factors``, at ``QUOTA``; equal scores count alike."""
    models = open_models(catalogue)  # type: ignore[arg-type]
    assert models.factors is not None
    mask = catalogue.mask(all_of(IN_STOCK, condition))
    allowed = np.flatnonzero(mask)
    found = []
    for clicks in shoppers(catalogue.rows, number):
        taste = read_taste(clicks, catalogue)  # type: ignore[arg-type]
        seeds = Seeds(taste.rows, taste.weights, from_context=False)
        answer = factors(Ask(catalogue, models, mask, seeds, taste, QUOTA, NOW.timestamp()))  # type: ignore[arg-type]
        folded = fold_in(models.factors, taste.rows, taste.weights)
        assert isinstance(answer, Ranking)
        assert folded is not None
        exact = models.factors.items[allowed] @ folded.vector
        lowest = np.partition(exact, -QUOTA)[-QUOTA]
        found.append(np.count_nonzero(answer.scores >= lowest - 1e-6) / QUOTA)
    return round(float(np.mean(found)), 4)


def main() -> None:
    """Build when needed, compare, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/daogou-bench-recommend"))  # noqa: S108
    asked = parser.parse_args()
    folder = asked.folder / str(asked.items)
    if not (folder / "reports.json").exists():
        build(folder, asked.items)
    with threadpool_limits(1):  # as the workers of ``daogou serve`` are started
        ReadingAhead(folder).join()  # as the workers of ``daogou serve`` do, behind their first requests
        catalogue = BenchCatalogue(folder, asked.items)
        times = compare(catalogue, asked.requests)
        shares = {
            name: recall(catalogue, condition, asked.requests // 10)
            for name, condition in (("home", None), ("home, a tenth", TENTH))
        }
    print(
        json.dumps(
            {
                "items": asked.items,
                "requests": asked.requests,
                "rounds": ROUNDS,
                "machine": platform.processor() or platform.machine(),
                "faiss": faiss.__version__,
                "numpy": np.__version__,
                "indexes": json.loads((folder / "reports.json").read_text()),
                "recall": shares,
                "times": times,
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()

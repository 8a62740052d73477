"""Bought together: are the complements that the simulation planted among the companions shown?

A pair can only be learned when it was bought: products are asked about that were in five orders or more of
the log, and their partners are what was planted, bought or not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from indexing.contracts.profiles import RecommendProfile
from indexing.snapshots import Snapshot
from offline.evaluate.intervals import Estimate, difference, estimate
from offline.evaluate.metrics import precision, recall
from recsys import RecommendEngine, RecommendRequest

K = 5
LEAST_ORDERS = 5


class PairScore(msgspec.Struct, frozen=True):
    """One system; ``over`` is daogou minus it in recall, paired, None for daogou itself."""

    system: str
    precision: Estimate
    recall: Estimate
    over: Estimate | None


class Together(msgspec.Struct, frozen=True):
    """Over the same products.

    Attributes:
        reachable: recall of a list that knew every planted pair bought twice or more: what the log tells.
    """

    products: int
    partners: float
    reachable: float
    systems: list[PairScore]


def bought_together(home: Path, past: Path, snapshot: Snapshot) -> Together:
    """Compare the scenario with item-item alone and with the best sellers.

    Args:
        home: with the truth.
        past: with the log that ``snapshot`` was built from.
    """
    planted: dict[str, set[str]] = defaultdict(set)
    for row in pq.read_table(home / "truth" / "complements.parquet").to_pylist():
        planted[row["item_id"]].add(row["partner_id"])
    orders = _orders(past)
    sold = Counter(item for order in orders for item in order)
    pairs = Counter((a, b) for order in orders for a in order for b in planted.get(a, set()) & order)
    asked = sorted(item for item in planted if sold[item] >= LEAST_ORDERS)
    systems = _systems(snapshot, [item for item, _ in sold.most_common(K + 1)])
    values = {
        name: np.array([_values(system(item), planted[item]) for item in asked]).T
        for name, system in systems.items()
    }
    known = [[partner for partner in planted[item] if pairs[item, partner] > 1] for item in asked]
    reach = [recall(found[:K], planted[item], K) for item, found in zip(asked, known, strict=True)]
    return Together(
        products=len(asked),
        partners=round(float(np.mean([len(planted[item]) for item in asked])), 3),
        reachable=round(float(np.mean(reach)), 4),
        systems=[_score(name, values) for name in systems],
    )


def _values(found: Sequence[str], partners: set[str]) -> tuple[float, float]:
    return precision(found, partners, K), recall(found, partners, K)


def _score(name: str, values: Mapping[str, np.ndarray]) -> PairScore:
    over = None if name == "daogou" else difference(values["daogou"][1], values[name][1])
    return PairScore(name, estimate(values[name][0]), estimate(values[name][1]), over)


def _orders(home: Path) -> list[set[str]]:
    """Products of each order."""
    log = ds.dataset(sorted(map(str, home.glob("events/day=*/*.parquet"))), format="parquet")
    found: dict[str, set[str]] = defaultdict(set)
    table = log.to_table(columns=["order_id", "items"], filter=ds.field("event") == "purchase")
    for row in table.to_pylist():
        found[row["order_id"]].update(line["item_id"] for line in row["items"] or ())
    return list(found.values())


def _systems(snapshot: Snapshot, best: list[str]) -> dict[str, Callable[[str], list[str]]]:
    engine = RecommendEngine(snapshot)

    def of(profile: RecommendProfile) -> Callable[[str], list[str]]:
        def ask(item: str) -> list[str]:
            request = RecommendRequest(
                "bought_together", now=datetime.now(UTC), limit=K, item_ids=(item,), profile=profile
            )
            return [snapshot.id_of(row) for row in engine.recommend(request).ranking.rows.tolist()]

        return ask

    return {
        "daogou": of(RecommendProfile()),
        "item-item alone": of(RecommendProfile(sources={"bought_together": {"item_item": 1.0}})),
        "best sellers": lambda item: [one for one in best if one != item][:K],
    }

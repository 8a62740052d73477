"""The next purchase: is what a shopper buys next among the twenty of the home page?

The log is split at a day. Everything is trained on the days before; each shopper is asked about with what
they did before; the first order after it is what is sought. Only products that the shopper had not touched
yet count, for the home page shows those (what was looked at stands in a list of its own), and no system
may list a product touched before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec
import numpy as np

from indexing.contracts.profiles import RecommendProfile
from indexing.snapshots import Snapshot
from offline.evaluate.histories import Case, cases
from offline.evaluate.intervals import Estimate, difference, estimate
from offline.evaluate.metrics import ndcg, success
from offline.evaluate.past import days_of
from offline.simulate.oracle import Oracle
from recsys import RecommendEngine, RecommendRequest

K = 20
System = Callable[[Case], Sequence[str]]
Progress = Callable[[str, int, int], None]


class SystemScore(msgspec.Struct, frozen=True):
    """One system; ``over`` is daogou minus it in nDCG@20, paired, None for daogou itself."""

    system: str
    ndcg: Estimate
    hit_rate: Estimate
    over: Estimate | None


class NextPurchase(msgspec.Struct, frozen=True):
    """All systems over the same shoppers.

    Attributes:
        again: share of first orders that hold nothing new to the shopper: not sought here.
    """

    split: str
    shoppers: int
    again: float
    systems: list[SystemScore]


def next_purchase(home: Path, snapshot: Snapshot, until: date, *, progress: Progress) -> NextPurchase:
    """Compare daogou's home page with its parts, with what sells best, and with the oracle.

    Args:
        home: the simulated shop, whole.
        snapshot: built from the days before ``until``.
    """
    oracle = Oracle(home)
    every = cases(home, oracle.shoppers, until=until)
    new = [case for case in every if set(case.bought) - case.touched]
    split = datetime.combine(until, time(), UTC)
    systems = _systems(snapshot, split) | {
        "best sellers": _best_sellers(snapshot),
        "oracle": _oracle(oracle, (until - days_of(home)[0]).days),
    }
    values: dict[str, list[tuple[float, float]]] = {name: [] for name in systems}
    for done, case in enumerate(new):
        sought = set(case.bought) - case.touched
        for name, system in systems.items():
            found = [one for one in system(case) if one not in case.touched][:K]
            values[name].append((ndcg(found, sought, K), success(found, sought, K)))
        if done % 50 == 0:
            progress("Next purchases", done, len(new))
    progress("Next purchases", len(new), len(new))
    scores = {name: np.array(found).T for name, found in values.items()}
    return NextPurchase(
        split=until.isoformat(),
        shoppers=len(new),
        again=round(1 - len(new) / max(len(every), 1), 4),
        systems=[_score(name, scores) for name in systems],
    )


def _score(name: str, scores: Mapping[str, np.ndarray]) -> SystemScore:
    gains, hits = scores[name]
    over = None if name == "daogou" else difference(scores["daogou"][0], gains)
    return SystemScore(name, estimate(gains), estimate(hits), over)


def _systems(snapshot: Snapshot, now: datetime) -> dict[str, System]:
    engine = RecommendEngine(snapshot)

    def system(profile: RecommendProfile) -> System:
        def ask(case: Case) -> list[str]:
            request = RecommendRequest(
                "home", now=now - timedelta(seconds=1), limit=K, actions=case.actions, profile=profile,
                exclude_items=tuple(case.touched),
            )  # fmt: skip
            return [snapshot.id_of(row) for row in engine.recommend(request).ranking.rows.tolist()]

        return ask

    def only(source: str) -> System:
        sources = {"home": {source: 1.0}}  # as the source orders them: nothing spread, nothing kept free
        plain = RecommendProfile(sources, window=1, same_category=50, same_brand=50, fresh_share=0.0)
        return system(plain)

    return {"daogou": system(RecommendProfile()), "item-item alone": only("item_item")} | {
        f"{source} alone": only(source) for source in ("factors", "content", "trend")
    }


def _best_sellers(snapshot: Snapshot) -> System:
    folder = snapshot.model("popularity")
    order = np.empty(0, np.int32) if folder is None else np.load(folder / "order.npy")
    in_stock = snapshot.columns.numbers("in_stock")
    best = [snapshot.id_of(row) for row in order[:500].tolist() if in_stock[row] == 1]
    return lambda _: best


def _oracle(oracle: Oracle, day: int) -> System:
    ids = np.array(oracle.item_ids)

    def ask(case: Case) -> list[str]:
        best = np.argsort(-oracle.scores(case.shopper, day=day), kind="stable")
        found: list[str] = ids[best[: K + len(case.touched)]].tolist()
        return found

    return ask

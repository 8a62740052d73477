"""Search against the truth: what the simulation knows to be relevant, by kind of query.

Grade 2 is what was asked for, grade 1 something of the kind that does in part. The same queries are asked
of the shop's search with and without text vectors, without corrections, and of BM25 on character bigrams.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from indexing.contracts.profiles import SearchProfile
from indexing.snapshots import Snapshot
from offline.evaluate.bm25 import Bm25
from offline.evaluate.histories import cases
from offline.evaluate.intervals import Estimate, difference, estimate
from offline.evaluate.known_item import bigrams
from offline.evaluate.metrics import ndcg, success
from offline.evaluate.past import days_of
from offline.simulate.oracle import Oracle
from offline.simulate.queries import KINDS
from recsys import RecommendEngine
from search import SearchEngine, SearchRequest, ShopperAffinity

K = 10
_LEAST_CHOICE = 20
"""Products that answer a query exactly: with fewer there is nothing to choose by taste."""
_LIKED = 0.2
Answer = Callable[[str], list[str]]
Progress = Callable[[str, int, int], None]


class KindScore(msgspec.Struct, frozen=True):
    """One kind of query: nDCG@10 and success@10 (a product of grade 2) by system.

    Attributes:
        over: daogou minus each other system in nDCG, paired.
    """

    kind: str
    ndcg: dict[str, Estimate]
    success: dict[str, Estimate]
    over: dict[str, Estimate]


class ForShopper(msgspec.Struct, frozen=True):
    """Does the shopper's vector bring what this shopper likes?

    Attributes:
        liked: nDCG@10 where relevant is the fifth of the exact products that the shopper likes best,
            with and without the vector. ``gain`` is their difference.
        relevance: change of nDCG@10 by the query's own truth: what the vector costs.
    """

    queries: int
    liked: dict[str, Estimate]
    gain: Estimate
    relevance: Estimate


class Relevance(msgspec.Struct, frozen=True):
    """By kind, over all kinds, over those that nobody had typed in the log, and for shoppers."""

    kinds: list[KindScore]
    overall: KindScore
    unseen: KindScore | None
    shopper: ForShopper | None


def relevance(
    home: Path, snapshot: Snapshot, until: date, *, per_kind: int = 150, seed: int = 1, progress: Progress
) -> Relevance:
    """Ask the queries of ``truth/relevance.parquet``.

    Args:
        snapshot: built from the days before ``until``.
        per_kind: most queries of a kind, drawn.
    """
    drawn = _drawn(home, per_kind, seed)
    answers = _systems(snapshot)
    gains: dict[str, list[float]] = {name: [] for name in answers}
    wins: dict[str, list[float]] = {name: [] for name in answers}
    for done, query in enumerate(drawn):
        for name, answer in answers.items():
            found = answer(query["query"])
            gains[name].append(ndcg(found, _grades(query), K))
            wins[name].append(success(found, set(query["exact"]), K))
        if done % 50 == 0:
            progress("Queries", done, len(drawn))
    progress("Queries", len(drawn), len(drawn))
    both = [{name: np.array(found) for name, found in one.items()} for one in (gains, wins)]
    kinds = np.array([query["kind"] for query in drawn])
    asked = _asked(home, until)
    unseen = np.array([query["query"] not in asked for query in drawn])
    return Relevance(
        kinds=[_score(kind, both, kinds == kind) for kind in KINDS if (kinds == kind).any()],
        overall=_score("all", both, np.ones(len(drawn), np.bool_)),
        unseen=_score("never typed before", both, unseen) if unseen.any() else None,
        shopper=_for_shoppers(home, snapshot, until, drawn, seed),
    )


def _drawn(home: Path, per_kind: int, seed: int) -> list[dict[str, Any]]:
    rows = pq.read_table(home / "truth" / "relevance.parquet").to_pylist()
    order = np.random.default_rng(seed).permutation(len(rows)).tolist()
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for place in order:
        if len(found[rows[place]["kind"]]) < per_kind:
            found[rows[place]["kind"]].append(rows[place])
    return [row for kind in KINDS for row in found[kind]]


def _grades(query: Mapping[str, Any]) -> dict[str, float]:
    return dict.fromkeys(query["partly"], 1.0) | dict.fromkeys(query["exact"], 2.0)


def _asked(home: Path, until: date) -> set[str]:
    """What was typed in the log before a day."""
    files = [
        str(path)
        for path in home.glob("events/day=*/*.parquet")
        if date.fromisoformat(path.parent.name.removeprefix("day=")) < until
    ]
    found = ds.dataset(files, format="parquet").to_table(
        columns=["query"], filter=ds.field("event") == "search"
    )
    return set(found["query"].unique().to_pylist())


def _systems(snapshot: Snapshot) -> dict[str, Answer]:
    engine = SearchEngine(snapshot)

    def of(profile: SearchProfile, *, correct: bool = True) -> Answer:
        def ask(query: str) -> list[str]:
            request = SearchRequest(
                query, limit=K, facets=(), highlight=False, profile=profile, correct=correct
            )
            return [hit.item.item_id for hit in engine.search(request).hits]

        return ask

    rows = np.arange(snapshot.rows, dtype=np.int32)
    plain = Bm25(bigrams(f"{item.title} {item.brand or ''}") for item in snapshot.items(rows))

    def by_bigrams(query: str) -> list[str]:
        return [snapshot.id_of(row) for row in plain.search(bigrams(query), K)]

    return {
        "daogou": of(SearchProfile()),
        "without vectors": of(SearchProfile(vectors=False)),
        "without corrections": of(SearchProfile(), correct=False),
        "bigrams": by_bigrams,
    }


def _score(kind: str, both: Sequence[Mapping[str, np.ndarray]], these: np.ndarray) -> KindScore:
    gains, wins = ({name: found[these] for name, found in one.items()} for one in both)
    return KindScore(
        kind,
        ndcg={name: estimate(found) for name, found in gains.items()},
        success={name: estimate(found) for name, found in wins.items()},
        over={name: difference(gains["daogou"], gains[name]) for name in gains if name != "daogou"},
    )


def _for_shoppers(
    home: Path, snapshot: Snapshot, until: date, drawn: Sequence[dict[str, Any]], seed: int
) -> ForShopper | None:
    """Each query with enough to choose from is asked by one shopper who was there before."""
    oracle = Oracle(home)
    people = cases(home, oracle.shoppers, until=until)
    wide = [query for query in drawn if len(query["exact"]) >= _LEAST_CHOICE]
    if not people or not wide:
        return None
    place = {item: at for at, item in enumerate(oracle.item_ids)}
    day = (until - days_of(home)[0]).days
    recommend, engine = RecommendEngine(snapshot), SearchEngine(snapshot)
    rng = np.random.default_rng([seed, 7])
    found: list[tuple[float, float, float]] = []
    for query in wide:
        case = people[int(rng.integers(len(people)))]
        liking = oracle.liking(case.shopper, day=day)
        best = sorted((place[item] for item in query["exact"]), key=lambda at: -float(liking[at]))
        liked = {oracle.item_ids[at] for at in best[: max(1, round(_LIKED * len(best)))]}
        vector = recommend.shopper_vector(case.actions)
        own, plain = (_list(engine, query["query"], one) for one in (vector, None))
        cost = ndcg(own, _grades(query), K) - ndcg(plain, _grades(query), K)
        found.append((ndcg(own, liked, K), ndcg(plain, liked, K), cost))
    with_it, without, cost_of = np.array(found).T
    liked_scores = {"with": estimate(with_it), "without": estimate(without)}
    return ForShopper(len(wide), liked_scores, difference(with_it, without), estimate(cost_of))


def _list(engine: SearchEngine, query: str, shopper: ShopperAffinity | None) -> list[str]:
    request = SearchRequest(query, limit=K, facets=(), highlight=False, shopper=shopper)
    return [hit.item.item_id for hit in engine.search(request).hits]

"""Collaborative filtering on public splits: Recall@20 and nDCG@20 of the models that the shop uses.

A line of ``train.txt`` and ``test.txt`` is a user and their items, without time. Everybody's whole
training history counts once, products of it are not listed, and the protocol is that of the published
tables: full ranking, binary relevance, mean over the users with test items.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.contracts.errors import InputError
from offline.evaluate.intervals import Estimate, estimate
from offline.evaluate.logs import Log
from offline.evaluate.metrics import ndcg, recall
from offline.evaluate.ranking_models import Scorer, factorisation, item_item, popularity, strengths, top
from offline.importers.rated_lists import read_lists
from offline.jobs.interactions import CODES

K = 20
EVENT = "view_item"
"""What an entry without a kind counts as."""
PUBLISHED: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "movielens-1m": {
        "LightGCN": (0.2576, 0.2427),
        "UltraGCN": (0.2787, 0.2642),
        "SimpleX": (0.2802, 0.2670),
    },
    "amazon-cds": {
        "NGCF": (0.1258, 0.0792),
        "BGCF": (0.1506, 0.0948),
        "UltraGCN": (0.1622, 0.1043),
        "SimpleX": (0.1763, 0.1145),
    },
}
"""Recall@20 and nDCG@20 on these very splits (RecZoo/BARS)."""
Progress = Callable[[str, int, int], None]


class ModelScore(msgspec.Struct, frozen=True):
    """One model on one split."""

    model: str
    recall: Estimate
    ndcg: Estimate


class Collaborative(msgspec.Struct, frozen=True):
    """All models, and the published numbers where the data set is known."""

    name: str
    shoppers: int
    products: int
    cells: int
    models: list[ModelScore]
    published: dict[str, tuple[float, float]]


def collaborative(folder: Path, *, progress: Progress) -> Collaborative:
    """Train on ``train.txt``, measure on ``test.txt``.

    Raises:
        InputError: a file is missing, or a line does not hold numbers.
    """
    train, test = _lists(folder / "train.txt"), _lists(folder / "test.txt")
    log = log_of(
        train, products=1 + max(max(items, default=0) for one in (train, test) for items in one.values())
    )
    asked = np.array(sorted(user for user, items in test.items() if items and user in train), np.int32)
    hidden = strengths(log)
    makers: dict[str, Callable[[Log], Scorer]] = {
        "popularity": popularity,
        "item-item": item_item,
        "factorisation": factorisation,
    }
    scores = []
    for done, (name, maker) in enumerate(makers.items()):
        progress(f"Training {name}", done, len(makers))
        found = list(top(maker(log), asked, hidden, K))
        values = np.array(
            [(recall(best, set(test[user]), K), ndcg(best, set(test[user]), K)) for user, best in found]
        ).T
        scores.append(ModelScore(name, estimate(values[0]), estimate(values[1])))
    progress("Training", len(makers), len(makers))
    published = dict(PUBLISHED.get(folder.name, {}))
    return Collaborative(folder.name, len(asked), log.rows, len(log), scores, published)


def _lists(path: Path) -> dict[int, list[int]]:
    """Items of each user, each once; a line that cannot be read is an error here, not a line less."""
    found: dict[int, list[int]] = {}
    for _, user, items in read_lists(path):
        if isinstance(items, InputError):
            raise items
        found[user] = items
    return found


def log_of(lists: Mapping[int, list[int]], *, products: int) -> Log:
    """Each user's items as one session, in their order."""
    shopper = np.repeat(np.array(list(lists), np.int32), [len(items) for items in lists.values()])
    row: npt.NDArray[np.int32] = np.array([item for items in lists.values() for item in items], np.int32)
    nothing = np.zeros(len(row), np.int64)
    return Log(
        shopper, row, np.full(len(row), CODES[EVENT], np.uint8), nothing, np.full(len(row), -1, np.int32),
        shoppers=max(lists, default=-1) + 1, rows=products,
    )  # fmt: skip

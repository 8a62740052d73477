"""The held-out purchase: what each kind of event adds.

One purchase of each shopper is kept back. The same models are trained on purchases alone, then with carts,
with wishes, with views; the shopper is folded in from the same kinds. What the shopper bought before is not
listed. A held-out product may have been viewed before: that share is told, and once more everything is
measured over those that had not been.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from indexing.contracts.errors import InputError
from indexing.contracts.events import Event
from offline.evaluate.intervals import Estimate, difference, estimate
from offline.evaluate.logs import Log
from offline.evaluate.metrics import ndcg, success
from offline.evaluate.ranking_models import Scorer, factorisation, item_item, popularity, strengths, top
from offline.importers.action_log import Published, read_actions
from offline.jobs.interactions import CODES, MICROSECONDS

K = 20
STEPS = (
    ("purchase",),
    ("purchase", "add_to_cart"),
    ("purchase", "add_to_cart", "add_to_wishlist"),
    ("purchase", "add_to_cart", "add_to_wishlist", "view_item"),
)
Progress = Callable[[str, int, int], None]


class StepScore(msgspec.Struct, frozen=True):
    """One model with the events it was given.

    Attributes:
        new: nDCG@20 over shoppers who had not touched the held-out product.
        adds: nDCG@20 minus that of the same model with the events of the step before, paired.
    """

    model: str
    events: list[str]
    hit_rate: Estimate
    ndcg: Estimate
    new: Estimate
    adds: Estimate | None


class HeldOut(msgspec.Struct, frozen=True):
    """Every model at every step.

    Attributes:
        touched: share of held-out products that the shopper had touched before.
        dropped: rows of the log that were not taken.
    """

    shoppers: int
    products: int
    events: int
    touched: float
    dropped: int
    steps: list[StepScore]


def held_out(log_path: Path, held_path: Path, data: Published, *, progress: Progress) -> HeldOut:
    """Measure on a log and its held-out purchases.

    Raises:
        InputError: a file cannot be read, or no held-out shopper is in the log.
    """
    good, dropped = _events(log_path, data)
    log, people, products = _log(good)
    pairs = [(people[user], products.get(item, -1)) for user, item in _held(held_path) if user in people]
    if not pairs:
        raise InputError(f"no shopper of {held_path.name} is in {log_path.name}", code="empty")
    asked = np.array([shopper for shopper, _ in pairs], np.int32)
    bought, every = strengths(log.where(log.of("purchase"))), strengths(log)
    touched = np.array([row >= 0 and every[shopper, row] > 0 for shopper, row in pairs])
    kinds = [step for step in STEPS if log.of(step[-1]).any()]
    steps: list[StepScore] = []
    makers: dict[str, Callable[[Log], Scorer]] = {
        "popularity": popularity, "item-item": item_item, "factorisation": factorisation,
    }  # fmt: skip
    for model, maker in makers.items():
        before: np.ndarray | None = None
        for done, kind in enumerate(kinds):
            progress(f"{model} by events", done, len(kinds))
            lists = dict(top(maker(log.where(log.of(*kind))), asked, bought, K))
            gains = np.array([_gain(lists[shopper], row) for shopper, row in pairs])
            hits = np.array([float(row in lists[shopper]) for shopper, row in pairs])
            adds = None if before is None else difference(gains, before)
            new = estimate(gains[~touched]) if (~touched).any() else Estimate(0.0, 0.0, 0.0, 0)
            steps.append(StepScore(model, list(kind), estimate(hits), estimate(gains), new, adds))
            before = gains
    return HeldOut(
        shoppers=len(np.unique(asked)), products=log.rows, events=len(log),
        touched=round(float(touched.mean()), 4), dropped=dropped, steps=steps,
    )  # fmt: skip


def _gain(found: Sequence[int], row: int) -> float:
    return ndcg(found, {row}, K) if success(found, {row}, K) else 0.0


def _events(path: Path, data: Published) -> tuple[list[Event], int]:
    good: list[Event] = []
    dropped = 0
    for _, one in read_actions(path, data):
        if isinstance(one, InputError):
            dropped += 1
        else:
            good.append(one.event)
    return good, dropped


def _log(events: Sequence[Event]) -> tuple[Log, dict[str, int], dict[str, int]]:
    people = {user: code for code, user in enumerate(sorted({one.client_id or "" for one in events}))}
    products = {item: code for code, item in enumerate(sorted({one.item_id or "" for one in events}))}
    order = np.full(len(events), -1, np.int32)
    return (
        Log(
            shopper=np.array([people[one.client_id or ""] for one in events], np.int32),
            row=np.array([products[one.item_id or ""] for one in events], np.int32),
            event=np.array([CODES[one.event] for one in events], np.uint8),
            time=np.array([int(one.timestamp.timestamp() * MICROSECONDS) for one in events], np.int64),
            order=order,
            shoppers=len(people),
            rows=len(products),
        ),
        people,
        products,
    )


def _held(path: Path) -> list[tuple[str, str]]:
    if not path.exists():
        raise InputError(f"there is no {path}", field="path", code="missing")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if rows and not {"user_id", "item_id"} <= set(rows[0]):
        raise InputError(f"{path.name}: expected the columns user_id, item_id", code="malformed")
    return [(row["user_id"], row["item_id"]) for row in rows]

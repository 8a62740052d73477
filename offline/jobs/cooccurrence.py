"""What is looked at together, and what is bought together."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.contracts.events import EVENT_NAMES
from offline.jobs.interactions import CODES, Interactions
from offline.jobs.pairs import baskets_of, neighbours
from offline.jobs.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class PairConfig:
    """How pairs are scored.

    Attributes:
        weights: what an event says, by name; events that are not named count for nothing.
        keep: neighbours of each product.
        most: different products of one session or order that count, the last ones.
        crowd: see ``pairs.baskets_of``.
        shrink, discount, least: see ``pairs.neighbours``.
        threads: of the count.
    """

    weights: dict[str, float]
    keep: int
    most: int = 100
    crowd: float = 0.5
    shrink: float = 1.0
    discount: float = 0.5
    least: int = 1
    threads: int = 2


SESSIONS = PairConfig(
    {"click": 1.0, "view_item": 1.0, "add_to_wishlist": 1.5, "add_to_cart": 2.0, "purchase": 2.0},
    keep=50,
    shrink=3.0,
)
ORDERS = PairConfig({"purchase": 1.0}, keep=20, crowd=1.0, shrink=0.5, discount=0.4, least=2)
"""One order is a coincidence; two are the least that may be called often."""


class PairReport(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        baskets: sessions or orders with two products or more.
        entries: products in all baskets.
        with_neighbours: products that have at least one.
        written: False when no product has a neighbour; ``why`` says so.
    """

    baskets: int
    entries: int
    with_neighbours: int
    bytes: int
    seconds: float
    written: bool
    why: str | None = None


def session_neighbours(
    found: Interactions, folder: Path, *, config: PairConfig = SESSIONS, progress: Progress = silent
) -> PairReport:
    """Neighbours by sessions into ``folder`` (``models/item_item``): ``neighbours.npy``, ``scores.npy``."""
    return _write(found, (found.session, found.sessions), folder, config, ("item-item", progress))


def order_neighbours(
    found: Interactions, folder: Path, *, config: PairConfig = ORDERS, progress: Progress = silent
) -> PairReport:
    """Neighbours by orders into ``folder`` (``models/co_purchase``): the same files."""
    return _write(found, (found.order, found.orders), folder, config, ("bought together", progress))


def _write(
    found: Interactions,
    groups: tuple[npt.NDArray[np.int32], int],
    folder: Path,
    config: PairConfig,
    telling: tuple[str, Progress],
) -> PairReport:
    started = time.perf_counter()
    stage, progress = telling
    weights = np.zeros(len(EVENT_NAMES), np.float32)
    weights[[CODES[name] for name in config.weights]] = list(config.weights.values())
    counted = weights[found.event] > 0
    baskets = baskets_of(
        groups[0][counted],
        found.row[counted],
        weights[found.event[counted]],
        baskets=groups[1],
        products=found.rows,
        most=config.most,
        crowd=config.crowd,
    )
    rows, scores = neighbours(
        baskets,
        products=found.rows,
        keep=config.keep,
        shrink=config.shrink,
        discount=config.discount,
        least=config.least,
        threads=config.threads,
        progress=lambda done, total: progress(stage, done, total),
    )
    known = int((rows[:, 0] >= 0).sum()) if len(rows) else 0
    if known:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "neighbours.npy", rows)
        np.save(folder / "scores.npy", scores)
    return PairReport(
        baskets=int((np.diff(baskets.starts) > 1).sum()),
        entries=len(baskets.rows),
        with_neighbours=known,
        bytes=rows.nbytes + scores.nbytes if known else 0,
        seconds=time.perf_counter() - started,
        written=known > 0,
        why=None if known else f"no two products share {config.least} baskets",
    )

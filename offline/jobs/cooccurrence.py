"""What is looked at together, and what is bought together."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.contracts.events import EVENT_NAMES
from offline.jobs.interactions import CODES, Interactions
from offline.jobs.kinds import KindPairs, kind_pairs
from offline.jobs.pairs import Baskets, Near, baskets_of, neighbours
from offline.jobs.progress import Progress, silent

Codes = npt.NDArray[np.int32]


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
"""One order is a coincidence; two are the least that may be called often. Products of kinds that go
together need only one."""

_KIND_TRUST = 4.0
"""A pair of kinds that go together counts so many times its score."""
_LOOK = 3


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
    started = time.perf_counter()
    baskets = _baskets(found, found.session, found.sessions, config)
    near = _near(found, baskets, config, config.keep, ("item-item", progress))
    return _write(near, baskets, folder, config, started)


def order_neighbours(
    found: Interactions,
    folder: Path,
    *,
    kinds: Codes | None = None,
    config: PairConfig = ORDERS,
    progress: Progress = silent,
) -> PairReport:
    """Neighbours by orders into ``folder`` (``models/co_purchase``): the same files.

    Args:
        kinds: int32 (products,), -1 for none: where they are known, products whose kinds go together
            (``kinds.kind_pairs``) are believed after one common order, and stand before others.
    """
    started = time.perf_counter()
    baskets = _baskets(found, found.order, found.orders, config)
    if kinds is None or not len(found):
        near = _near(found, baskets, config, config.keep, ("bought together", progress))
        return _write(near, baskets, folder, config, started)
    wide = replace(config, least=1)
    near = _near(found, baskets, wide, _LOOK * config.keep, ("bought together", progress))
    return _write(
        _by_kinds(near, kinds, kind_pairs(found, kinds), config), baskets, folder, config, started
    )


def _by_kinds(near: Near, kinds: Codes, pairs: KindPairs, config: PairConfig) -> Near:
    """Believe pairs of kinds that go together, and others only after ``least`` orders."""
    row, place = np.nonzero(near.rows >= 0)
    other = near.rows[row, place]
    goes = pairs.excess_of(kinds[row], kinds[other]) > 0
    scores = near.scores[row, place] * np.where(goes, _KIND_TRUST, 1.0).astype(np.float32)
    kept = np.flatnonzero(goes | (near.shared[row, place] >= config.least))
    kept = kept[np.lexsort((other[kept], -scores[kept], row[kept]))]
    at = np.arange(len(kept)) - np.searchsorted(row[kept], row[kept])  # within its row
    kept, at = kept[at < config.keep], at[at < config.keep]
    shape = (len(near.rows), config.keep)
    out = Near(np.full(shape, -1, np.int32), np.zeros(shape, np.float32), np.zeros(shape, np.int32))
    out.rows[row[kept], at] = other[kept]
    out.scores[row[kept], at] = scores[kept]
    out.shared[row[kept], at] = near.shared[row[kept], place[kept]]
    return out


def _baskets(found: Interactions, groups: Codes, count: int, config: PairConfig) -> Baskets:
    weights = np.zeros(len(EVENT_NAMES), np.float32)
    weights[[CODES[name] for name in config.weights]] = list(config.weights.values())
    counted = weights[found.event] > 0
    return baskets_of(
        groups[counted],
        found.row[counted],
        weights[found.event[counted]],
        baskets=count,
        products=found.rows,
        most=config.most,
        crowd=config.crowd,
    )


def _near(
    found: Interactions, baskets: Baskets, config: PairConfig, keep: int, telling: tuple[str, Progress]
) -> Near:
    stage, progress = telling
    return neighbours(
        baskets,
        products=found.rows,
        keep=keep,
        shrink=config.shrink,
        discount=config.discount,
        least=config.least,
        threads=config.threads,
        progress=lambda done, total: progress(stage, done, total),
    )


def _write(near: Near, baskets: Baskets, folder: Path, config: PairConfig, started: float) -> PairReport:
    known = int((near.rows[:, 0] >= 0).sum()) if len(near.rows) else 0
    if known:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "neighbours.npy", near.rows)
        np.save(folder / "scores.npy", near.scores)
    return PairReport(
        baskets=int((np.diff(baskets.starts) > 1).sum()),
        entries=len(baskets.rows),
        with_neighbours=known,
        bytes=near.rows.nbytes + near.scores.nbytes if known else 0,
        seconds=time.perf_counter() - started,
        written=known > 0,
        why=None if known else f"no two products share {config.least} baskets",
    )

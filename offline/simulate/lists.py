"""Lists that the simulated shop recommends, and the random part of its policy with its propensities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offline.simulate.draws import Floats, Rows

SOURCES = (
    "words", "vectors", "factors", "item_item", "co_purchase",
    "content", "trend", "fresh", "recent", "explore",
)  # fmt: skip
WIDTH = 20
"""Slots of an answer at most; shorter answers are padded with -1."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of one scenario, arrays of shape (answers, 20).

    Attributes:
        rows: -1 padded. sources: places in ``SOURCES``.
        propensities: that this row stands here under the policy, given what the engine knows that day.
    """

    rows: Rows
    sources: npt.NDArray[np.int8]
    scores: Floats
    propensities: Floats

    def filled(self) -> npt.NDArray[np.bool_]:
        """Which answers have a row."""
        return np.asarray((self.rows >= 0).any(1), np.bool_)

    def where(self, some: npt.NDArray[np.bool_]) -> Answers:
        """Those answers only."""
        return Answers(self.rows[some], self.sources[some], self.scores[some], self.propensities[some])


@dataclass(frozen=True, slots=True)
class Block:
    """Candidates of one source: rows (answers, k); its scores are ``lift`` and noise."""

    rows: Rows
    source: str
    lift: float


def interleave(rng: np.random.Generator, blocks: Sequence[Block], places: int) -> Answers:
    """Blocks as one list without repeats, by score; at most ``places`` long."""
    rows = np.concatenate([block.rows for block in blocks], axis=1)
    codes = np.concatenate(
        [np.full(block.rows.shape[1], SOURCES.index(block.source), np.int8) for block in blocks]
    )
    lifts = np.concatenate([np.full(block.rows.shape[1], block.lift, np.float32) for block in blocks])
    scores = lifts + rng.random(rows.shape, np.float32)
    scores = np.where(rows < 0, -np.inf, scores)
    order = np.argsort(-scores, axis=1, kind="stable")
    rows, scores = np.take_along_axis(rows, order, 1), np.take_along_axis(scores, order, 1)
    sources = codes[order]
    keep = np.argsort(_repeats(rows) | (rows < 0), axis=1, kind="stable")
    lost = np.take_along_axis(_repeats(rows) | (rows < 0), keep, 1)
    rows = np.where(lost, -1, np.take_along_axis(rows, keep, 1))
    shape = (len(rows), WIDTH)
    take = min(places, rows.shape[1])
    out_rows, out_sources = np.full(shape, -1, np.int32), np.zeros(shape, np.int8)
    out_scores = np.zeros(shape, np.float32)
    out_rows[:, :take] = rows[:, :take]
    out_sources[:, :take] = np.take_along_axis(sources, keep, 1)[:, :take]
    out_scores[:, :take] = np.take_along_axis(scores, keep, 1)[:, :take]
    out_scores[out_rows < 0] = 0
    return Answers(out_rows, out_sources, out_scores, np.ones(shape, np.float32))


def _repeats(rows: Rows) -> npt.NDArray[np.bool_]:
    """True for the second and later places of a row in its list; shape of ``rows``."""
    order = np.argsort(rows, axis=1, kind="stable")
    ordered = np.take_along_axis(rows, order, 1)
    same = np.zeros(rows.shape, np.bool_)
    same[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    out = np.zeros(rows.shape, np.bool_)
    np.put_along_axis(out, order, same, 1)
    return out


def explore(rng: np.random.Generator, answers: Answers, there: Rows, share: float) -> Answers:
    """Give each slot, with probability ``share`` and on its own, to a random product of the shop.

    Slot k draws uniformly from the products whose place among ``there`` leaves the rest k after division
    by 20: pools of different slots have no product in common, so no list gets a product twice that way.
    A draw that the list already holds elsewhere is not used. Both probabilities are therefore exact: a
    product drawn has ``share / pool``, the base one keeps ``1 - share · (pool - held) / pool``, where
    ``held`` counts the list's own products in the pool.
    """
    rows, n = answers.rows, len(answers.rows)
    pools = (len(there) - np.arange(WIDTH) + WIDTH - 1) // WIDTH
    if pools.min() < 1:
        return answers
    drawn = there[np.arange(WIDTH) + WIDTH * (rng.random((n, WIDTH)) * pools).astype(np.int64)]
    places = np.where(rows >= 0, np.searchsorted(there, np.maximum(rows, 0)), -1)
    rests = np.where(rows >= 0, places % WIDTH, -1)
    # how many of the list's products are in the pool of each slot
    held = (rests[:, None, :] == np.arange(WIDTH)[None, :, None]).sum(2)
    taken = (drawn[:, :, None] == rows[:, None, :]).any(2)
    used = (rng.random((n, WIDTH)) < share) & ~taken & (rows >= 0)
    kept = 1 - share * (pools - held) / pools
    return Answers(
        rows=np.where(used, drawn, rows).astype(np.int32),
        sources=np.where(used, SOURCES.index("explore"), answers.sources).astype(np.int8),
        scores=np.where(used, 0, answers.scores).astype(np.float32),
        propensities=np.where(rows < 0, 1, np.where(used, share / pools, kept)).astype(np.float32),
    )


def shuffle(rng: np.random.Generator, answers: Answers, share: float) -> Answers:
    """Shuffle whole lists with probability ``share``.

    In a list of length n a row has probability ``share / n`` of standing at any place, and ``1 - share``
    more at its own.
    """
    rows = answers.rows
    n = len(rows)
    mixed = rng.random(n) < share
    keys = np.where(mixed[:, None], rng.random(rows.shape), np.arange(WIDTH) / WIDTH)
    keys[rows < 0] = 2.0  # the padding stays behind
    order = np.argsort(keys, axis=1, kind="stable")
    lengths = np.maximum((rows >= 0).sum(1, keepdims=True), 1)
    own = order == np.arange(WIDTH)
    propensities = share / lengths + np.where(own, 1 - share, 0)
    moved = np.take_along_axis(rows, order, 1)
    return Answers(
        rows=moved,
        sources=np.take_along_axis(answers.sources, order, 1),
        scores=np.take_along_axis(answers.scores, order, 1),
        propensities=np.where(moved >= 0, propensities, 1).astype(np.float32),
    )

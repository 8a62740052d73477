"""What the simulated shop answers to a query: good products first, some doubtful, a few wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offline.simulate.draws import Bins, Floats, Rows
from offline.simulate.queries import KINDS, SHARES, Query
from offline.simulate.shelf import Shelf
from offline.simulate.today import Today
from offline.simulate.tree import LEAVES

DEEP = 40
_EXACT, _CANDIDATES, _STRAY = 44, 64, 5
_BY_VECTORS = 0.15
_GRADE_WORTH = np.array([0.0, 1.0, 2.6], np.float32)


@dataclass(frozen=True, slots=True)
class Results:
    """Candidates of every query, shape (queries, 64), -1 padded.

    Attributes:
        grades: 2, 1 or 0 (a stray product of the same department).
        vectors: whether the text vectors brought it, else the words did.
        bins: draws a query of a leaf by how often it is typed.
        brand: place of the brand that each query names, -1 without.
    """

    rows: Rows
    grades: npt.NDArray[np.int8]
    vectors: npt.NDArray[np.bool_]
    bins: Bins
    brand: Rows

    def on(self, today: Today, seed: int) -> Ranked:
        """The day's order: by grade, appeal and what the engine gets wrong; the same all day."""
        rng = np.random.default_rng([seed, 43, today.place])
        noise = 0.7 * rng.standard_normal(self.rows.shape, np.float32)
        scores = _GRADE_WORTH[self.grades] + 0.5 * today.warmth[np.maximum(self.rows, 0)] + noise
        gone = (self.rows < 0) | (today.demand[np.maximum(self.rows, 0)] <= 0)
        scores[gone] = -np.inf
        order = np.argsort(-scores, axis=1, kind="stable")[:, :DEEP]
        scores = np.take_along_axis(scores, order, 1)
        rows = np.where(np.isfinite(scores), np.take_along_axis(self.rows, order, 1), -1)
        return Ranked(
            rows=rows.astype(np.int32),
            grades=np.take_along_axis(self.grades, order, 1),
            vectors=np.take_along_axis(self.vectors, order, 1),
            scores=scores.astype(np.float32),
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    """A day's answers, shape (queries, 40), -1 padded."""

    rows: Rows
    grades: npt.NDArray[np.int8]
    vectors: npt.NDArray[np.bool_]
    scores: Floats

    def grade_of(self, queries: Rows, rows: Rows) -> npt.NDArray[np.int8]:
        """Grades of rows as shown for queries, shape of ``rows``; 0 for what is not in the answer."""
        same = rows[:, :, None] == self.rows[queries][:, None, :]
        return np.asarray((same * self.grades[queries][:, None, :]).max(2), np.int8)


def results_of(queries: Sequence[Query], shelf: Shelf, seed: int) -> Results:
    """Candidates: the exact ones with most appeal, then partly fitting ones, then strays."""
    rng = np.random.default_rng([seed, 47])
    rows = np.full((len(queries), _CANDIDATES), -1, np.int32)
    grades = np.zeros((len(queries), _CANDIDATES), np.int8)
    departments = np.array(
        [sorted({leaf.path[0] for leaf in LEAVES}).index(leaf.path[0]) for leaf in LEAVES]
    )
    neighbours = Bins(departments[shelf.leaf], np.ones(len(shelf)), int(departments.max()) + 1)
    stray = neighbours.draw(rng, np.repeat(departments[[q.leaf for q in queries]], _STRAY))
    for place, query in enumerate(queries):
        exact = _best(query.exact, shelf, _EXACT)
        partly = _best(query.partly, shelf, _CANDIDATES - _STRAY - len(exact))
        others = np.unique(stray[place * _STRAY : (place + 1) * _STRAY])
        others = others[~np.isin(others, query.exact) & ~np.isin(others, query.partly)]
        together = np.concatenate([exact, partly, others])
        rows[place, : len(together)] = together
        grades[place, : len(exact)] = 2
        grades[place, len(exact) : len(exact) + len(partly)] = 1
    vectors = (rng.random(rows.shape) < _BY_VECTORS) | (grades == 0)
    named = [shelf.brands.index(query.brand) if query.brand else -1 for query in queries]
    return Results(rows, grades, vectors, _by_leaf(rng, queries), np.array(named, np.int32))


def _best(rows: Rows, shelf: Shelf, count: int) -> Rows:
    return rows[np.argsort(-shelf.appeal[rows], kind="stable")[:count]]


def _by_leaf(rng: np.random.Generator, queries: Sequence[Query]) -> Bins:
    """A kind's share is divided among its queries of a leaf, a few of which have most of it."""
    kinds = np.array([KINDS.index(query.kind) for query in queries])
    leaves = np.array([query.leaf for query in queries])
    chance = rng.pareto(1.2, len(queries)) + 0.1
    cell = leaves * len(KINDS) + kinds
    totals = np.bincount(cell, chance, minlength=len(LEAVES) * len(KINDS))
    return Bins(leaves, np.array(SHARES)[kinds] * chance / totals[cell], len(LEAVES))

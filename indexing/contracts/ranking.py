"""The ranked list, and its algebra: one for search and recommendation.

A :class:`Ranking` is an immutable value and every operation returns a new one: higher scores first,
equal scores by row, rows unique. Operations that impose an order (``bury``, ``pin``, ``diversify``)
come last; they raise scores where needed, so that scores never increase down the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexing.contracts.ordering import by_score, by_score_and_row
from indexing.contracts.sums import summed

Rows = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]
Sources = npt.NDArray[np.uint8]

RRF_K = 60
NO_ROW = -1


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Rows with scores and the reason for each.

    Attributes:
        rows: int32 of shape (n,), unique.
        scores: float32 of shape (n,), higher is better, finite, not increasing.
        sources: uint8 of shape (n,): place in ``names`` of what brought the row first.
        because: int32 of shape (n,): the row that caused it (``因为你看过…``), -1 for none.
        names: names of candidate sources or retrievers.
    """

    rows: Rows
    scores: Scores
    sources: Sources
    because: Rows
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def source_of(self, place: int) -> str:
        """Name of what brought the row at that place."""
        return self.names[int(self.sources[place])]

    def take(self, places: npt.NDArray[np.intp] | Sequence[int] | slice) -> Ranking:
        """The rows at ``places``, in the order given; of a slice without a copy."""
        at = places if isinstance(places, slice) else np.asarray(places, np.intp)
        return Ranking(self.rows[at], self.scores[at], self.sources[at], self.because[at], self.names)


class Shares(NamedTuple):
    """The same of rows that rise, whatever their scores."""

    rows: Rows
    scores: Scores
    sources: Sources
    because: Rows
    names: tuple[str, ...]


def ranking(
    rows: npt.ArrayLike,
    scores: npt.ArrayLike,
    *,
    source: str,
    because: npt.ArrayLike | int = NO_ROW,
    most: int | None = None,
) -> Ranking:
    """Order rows by score (ties by row); a row given twice keeps its best score.

    Args:
        most: only the best so many, whatever their number: less to order.

    >>> ranking([3, 1, 2], [0.5, 0.5, 0.9], source="words").rows.tolist()
    [2, 1, 3]
    """
    row = np.asarray(rows, np.int32)
    score = np.asarray(scores, np.float32)
    cause = np.full(row.shape, because, np.int32)  # of an array a copy; ``broadcast_to`` takes 8 µs
    rising = bool((row[1:] > row[:-1]).all())
    unique = rising or is_unique(row)
    if most is not None and len(row) > most and unique:
        near = np.flatnonzero(score >= np.partition(score, -most)[-most])
        row, score, cause = row[near], score[near], cause[near]
    if rising:
        order = by_score(score)
    elif unique:
        order = by_score_and_row(score, row)
    else:
        order = np.lexsort((row, -score))
        _, first = np.unique(row[order], return_index=True)
        order = order[np.sort(first)]
    order = order[:most]
    return ranked(row[order], score[order], source=source, because=cause[order])


def ranked(
    rows: npt.ArrayLike, scores: npt.ArrayLike, *, source: str, because: npt.ArrayLike | int = NO_ROW
) -> Ranking:
    """Rows that are unique and in their order already."""
    row, score = np.asarray(rows, np.int32), np.asarray(scores, np.float32)
    cause = np.full(row.shape, because, np.int32)
    return Ranking(row, score, np.zeros(len(row), np.uint8), cause, (source,))


def is_unique(rows: Rows) -> bool:
    """No row is there twice. A fifth of the time of ``np.unique``."""
    rising = np.sort(rows)
    return not (rising[1:] == rising[:-1]).any()


@cache  # an immutable value, of which a page needs up to six
def empty() -> Ranking:
    """The ranking of nothing."""
    return ranking([], [], source="none")


def _ordered(found: Ranking) -> Ranking:
    return found.take(by_score_and_row(found.scores, found.rows))


def fuse(rankings: Sequence[Ranking], weights: Sequence[float] | None = None, *, k: int = RRF_K) -> Ranking:
    """Weighted reciprocal rank fusion: score(d) = Σ wᵢ / (k + rankᵢ(d)), ranks from 1.

    A row keeps the source and cause of the ranking that gave it the largest share (the earlier one
    when equal). Cormack, Clarke and Büttcher, SIGIR 2009.

    >>> a, b = ranking([1, 2], [2, 1], source="a"), ranking([2, 3], [2, 1], source="b")
    >>> fuse([a, b]).rows.tolist()
    [2, 1, 3]
    """
    return best_first(added_up(rankings, [1.0] * len(rankings) if weights is None else weights, k))


def added_up(rankings: Sequence[Ranking], weights: Sequence[float], k: int) -> Shares:
    """What :func:`fuse` adds up, before it is put in order."""
    parts = [
        (one, weight) for one, weight in zip(rankings, weights, strict=True) if len(one) and weight > 0
    ]
    if not parts:
        nothing = empty()
        return Shares(nothing.rows, nothing.scores, nothing.sources, nothing.because, nothing.names)
    names = tuple(dict.fromkeys(name for one, _ in parts for name in one.names))
    rows = np.concatenate([one.rows for one, _ in parts])
    places = k + 1.0 + np.arange(max(len(one) for one, _ in parts))
    shares = np.concatenate([weight / places[: len(one)] for one, weight in parts])
    sources = np.concatenate(
        [np.array([names.index(n) for n in one.names], np.uint8)[one.sources] for one, _ in parts]
    )
    because = np.concatenate([one.because for one, _ in parts])
    unique, totals, best = summed(rows, shares)
    return Shares(unique, totals.astype(np.float32), sources[best], because[best], names)


def best_first(found: Shares) -> Ranking:
    """In order: equal scores by row, since the rows rise."""
    order = by_score(found.scores)
    return Ranking(
        found.rows[order], found.scores[order], found.sources[order], found.because[order], found.names
    )


def drop(found: Ranking, mask: npt.NDArray[np.bool_]) -> Ranking:
    """Without the places where ``mask`` (shape (n,)) is True."""
    return found.take(np.flatnonzero(~mask))


def cut(found: Ranking, limit: int, *, offset: int = 0) -> Ranking:
    """Places ``offset … offset + limit - 1``."""
    return found.take(slice(offset, offset + max(limit, 0)))


def rescore(found: Ranking, scores: npt.ArrayLike) -> Ranking:
    """The same rows with other scores (shape (n,)), in their new order."""
    return _ordered(replace(found, scores=np.asarray(scores, np.float32)))


def boost(found: Ranking, mask: npt.NDArray[np.bool_], factor: float) -> Ranking:
    """Move the masked rows up (factor > 1) or down (< 1).

    Acts on the share of the way from the lowest to the highest score, so that the meaning of a factor
    does not depend on where a retriever's scores happen to lie.
    """
    if not len(found) or not mask.any():
        return found
    low, high = float(found.scores[-1]), float(found.scores[0])
    share = (found.scores - low) / (high - low) if high > low else np.ones(len(found))
    return rescore(found, np.where(mask, (share + 1e-3) * factor, share + 1e-3))


def bury(found: Ranking, mask: npt.NDArray[np.bool_]) -> Ranking:
    """The masked rows after all the others, each part in its old order."""
    return _renumbered(found.take(np.argsort(mask, kind="stable")))


def pin(found: Ranking, places: dict[int, int], *, source: str = "pin") -> Ranking:
    """Put rows at fixed places.

    Args:
        places: 0-based place by row. Two rows that want one place stand there in row order; a place
            past the end is the end. The other rows keep their order around them.
        source: recorded for pinned rows that were not in the ranking.
    """
    if not places:
        return found
    held = {int(row): place for place, row in enumerate(found.rows)}
    queue = [place for place, row in enumerate(found.rows.tolist()) if row not in places]
    wanted = sorted(places.items(), key=lambda pair: (pair[1], pair[0]))
    names = (*found.names, source) if source not in found.names else found.names
    extra = [row for row, _ in wanted if row not in held]
    wide = Ranking(
        np.concatenate([found.rows, np.array(extra, np.int32)]),
        np.concatenate([found.scores, np.zeros(len(extra), np.float32)]),
        np.concatenate([found.sources, np.full(len(extra), names.index(source), np.uint8)]),
        np.concatenate([found.because, np.full(len(extra), NO_ROW, np.int32)]),
        names,
    )
    at = held | {row: len(found) + i for i, row in enumerate(extra)}
    order: list[int] = []
    rest = iter(queue)
    for row, place in wanted:
        while len(order) < place and (following := next(rest, None)) is not None:
            order.append(following)
        order.append(at[row])
    return _renumbered(wide.take([*order, *rest]))


def diversify(found: Ranking, keys: npt.NDArray[np.int32], *, window: int = 5, most: int = 2) -> Ranking:
    """At most ``most`` rows of one key in any ``window`` consecutive places, as far as there are others.

    Greedy: each place takes the best row that the rule allows, or the best one left when none is.

    Args:
        keys: int32 of shape (n,): brand, category or group of each row; -1 is never limited.
    """
    left = list(range(len(found)))
    order: list[int] = []
    while left:
        recent = [int(keys[place]) for place in order[max(0, len(order) - window + 1) :]]
        allowed = (
            index
            for index, place in enumerate(left)
            if keys[place] < 0 or recent.count(int(keys[place])) < most
        )
        order.append(left.pop(next(allowed, 0)))
    return _renumbered(found.take(order))


def _renumbered(found: Ranking) -> Ranking:
    """Keep an order that was imposed: no score is below one that follows it."""
    return replace(found, scores=np.maximum.accumulate(found.scores[::-1])[::-1])

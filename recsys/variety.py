"""Keep a list from being all alike: variants folded, categories and brands spread, room for the new."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Columns
from indexing.contracts.ranking import Ranking, Rows
from recsys.scenarios import Key

Keys = npt.NDArray[np.int32]
NO_KEY = -1


def keys_of(columns: Columns, name: Key | str, rows: Rows) -> Keys:
    """Code of the brand, the group or the leaf category of each row, -1 where there is none.

    A category column holds the paths from the root on, so the last code of a row is its leaf.
    """
    column = columns.text("group_id" if name == "group" else name)
    if column.indptr is None:
        return column.codes[rows]
    first, end = column.indptr[rows], column.indptr[rows + 1]
    if not len(column.codes):
        return np.full(len(rows), NO_KEY, np.int32)
    return np.where(end > first, column.codes[np.maximum(end - 1, 0)], NO_KEY).astype(np.int32)


def fold_variants(found: Ranking, groups: Keys, *, taken: Keys | Sequence[int] = ()) -> Ranking:
    """The best row of each group; rows of groups in ``taken`` go. Rows without a group stay."""
    single = groups == NO_KEY
    _, first = np.unique(groups, return_index=True)
    keep = np.zeros(len(groups), np.bool_)
    keep[first] = True
    keep = single | (keep & ~np.isin(groups, np.asarray(taken, np.int32)))
    return found.take(np.flatnonzero(keep))


def spread(found: Ranking, limits: Sequence[tuple[Keys, int]], *, window: int, count: int) -> Ranking:
    """Reorder so that in any ``window`` consecutive places each key stands at most so often.

    Greedy: each place takes the best row that every limit allows; where none is left that is allowed, the
    best of those that break the fewest limits. The first ``count`` places are spread, the rest keeps its
    order. Rows with the same keys wait in one queue, so a list that is all alike costs no more.

    Args:
        limits: (keys of shape (n,), most) for each thing to spread; key -1 is never limited.
    """
    if not limits:
        return found
    kinds = list(zip(*(keys.tolist() for keys, _ in limits), strict=True))
    most = [many for _, many in limits]
    queues: dict[tuple[int, ...], deque[int]] = {}
    for place, kind in enumerate(kinds):
        queues.setdefault(kind, deque()).append(place)
    heads = [(queue.popleft(), kind) for kind, queue in queues.items()]  # by place: kinds are in that order
    counts: list[dict[int, int]] = [defaultdict(int) for _ in limits]
    order: list[int] = []
    while heads and len(order) < count:
        if len(order) >= window:
            for held, key in zip(counts, kinds[order[-window]], strict=True):
                held[key] -= 1
        place, kind = heads.pop(_best_head(heads, counts, most))
        order.append(place)
        for held, key in zip(counts, kind, strict=True):
            held[key] += 1
        if queues[kind]:
            insort(heads, (queues[kind].popleft(), kind))
    placed = set(order)
    return in_order(found, [*order, *(place for place in range(len(found)) if place not in placed)])


def _best_head(
    heads: Sequence[tuple[int, tuple[int, ...]]], counts: Sequence[Mapping[int, int]], most: Sequence[int]
) -> int:
    """Index of the first head that breaks no limit, else of the first that breaks fewest."""
    best, fewest = 0, len(most) + 1
    for at, (_, kind) in enumerate(heads):
        broken = 0
        for held, key, many in zip(counts, kind, most, strict=True):
            broken += key >= 0 and held[key] >= many
        if not broken:
            return at
        if broken < fewest:
            best, fewest = at, broken
    return best


def with_fresh(found: Ranking, fresh: Ranking, *, share: float, count: int) -> Ranking:
    """Give new rows their share of the first ``count`` places.

    Of every ``1 / share`` places the last goes to the best fresh row not placed before it, unless one of
    the others has a fresh row already; the rows after it move back by one.

    Args:
        fresh: the new rows, best first; those already in ``found`` are moved, not repeated.
    """
    if share <= 0 or not len(fresh):
        return found
    stretch = max(1, round(1 / share))
    both = appended(found, fresh, unique=False)
    first_place = {row: place for place, row in reversed(list(enumerate(both.rows.tolist())))}
    # a new row that the list holds is taken from the fresh ones, so that the reason says that it is new
    fresh_place = {row: len(found) + place for place, row in enumerate(fresh.rows.tolist())}
    rest, news = deque(found.rows.tolist()), deque(fresh.rows.tolist())
    order: list[int] = []
    placed: set[int] = set()
    since = 0  # places since the last fresh row
    while rest and len(order) < count:
        due = news and since >= stretch - 1
        row = (news if due else rest).popleft()
        if row in placed:
            continue
        placed.add(row)
        order.append(fresh_place[row] if due else first_place[row])
        since = 0 if row in fresh_place else since + 1
    return in_order(both, [*order, *(first_place[row] for row in rest if row not in placed)])


def appended(found: Ranking, more: Ranking, *, unique: bool = True) -> Ranking:
    """``more`` after ``found``, scores raised where needed.

    Args:
        unique: no row may be in both (checked); False for a list that is about to be taken from.
    """
    names = tuple(dict.fromkeys((*found.names, *more.names)))
    codes = [
        np.array([names.index(name) for name in one.names], np.uint8)[one.sources] for one in (found, more)
    ]
    rows = np.concatenate([found.rows, more.rows])
    assert not unique or len(np.unique(rows)) == len(rows)
    scores = np.concatenate([found.scores, more.scores])
    because = np.concatenate([found.because, more.because])
    joined = Ranking(rows, scores, np.concatenate(codes), because, names)
    return in_order(joined, range(len(joined)))


def in_order(found: Ranking, places: Sequence[int]) -> Ranking:
    """An order that was imposed: scores are raised where one below is higher."""
    taken = found.take(np.asarray(places, np.intp))
    return replace(taken, scores=np.maximum.accumulate(taken.scores[::-1])[::-1])

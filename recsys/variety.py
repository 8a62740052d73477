"""Keep a list from being all alike: variants folded, categories and brands spread, room for the new."""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Columns
from indexing.contracts.ranking import Ranking, Rows, is_unique
from recsys.scenarios import Key

Keys = npt.NDArray[np.int32]
Kind = tuple[int, ...]
NO_KEY = -1


def keys_of(columns: Columns, name: Key | str, rows: Rows) -> Keys:
    """Code of the brand, the group or the leaf category of each row, -1 where there is none.

    A category column holds the paths from the root on, so the last code of a row is its leaf.
    """
    column = columns.text("group_id" if name == "group" else name)
    if not len(column.codes) or not len(column.values):
        return np.full(len(rows), NO_KEY, np.int32)
    if column.indptr is None:
        return column.codes[rows]
    first, end = column.indptr[rows], column.indptr[rows + 1]
    return np.where(end > first, column.codes[np.maximum(end - 1, 0)], NO_KEY).astype(np.int32)


def fold_variants(found: Ranking, groups: Keys, *, taken: Keys | Sequence[int] = ()) -> Ranking:
    """The best row of each group; rows of groups in ``taken`` go. Rows without a group stay."""
    grouped = np.flatnonzero(groups != NO_KEY)
    if not len(grouped):
        return found
    _, first = np.unique(groups[grouped], return_index=True)
    first = grouped[first]
    keep = groups == NO_KEY
    keep[first[~np.isin(groups[first], np.asarray(taken, np.int32))]] = True
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
    most, things = [most for _, most in limits], len(limits)
    # one window holds the keys of all things: each counts in steps of the number of things, none is below 0
    apart = ((keys * things + thing).tolist() for thing, (keys, _) in enumerate(limits))
    kinds = list(zip(*apart, strict=True))
    heads, behind = _queues(kinds)
    recent: deque[int] = deque(maxlen=(window - 1) * things)  # keys of the places before
    full: set[int] = set()  # those that stand there as often as they may
    order: list[int] = []
    for _ in range(min(count, len(kinds))):
        place = heads.pop(_best(heads, kinds, full) if full else 0)
        order.append(place)
        if behind[place] >= 0:
            insort(heads, behind[place])
        recent.extend(kinds[place])
        if full:
            full = {key for key in full if recent.count(key) >= most[key % things]}
        for key in kinds[place]:
            if key >= 0 and recent.count(key) >= most[key % things]:
                full.add(key)
    placed = set(order)
    return in_order(found, [*order, *(place for place in range(len(found)) if place not in placed)])


def _queues(kinds: Sequence[Kind]) -> tuple[list[int], list[int]]:
    """The first place of each kind, rising; and for each place the next of its kind, -1 for none."""
    heads: list[int] = []
    behind = [-1] * len(kinds)
    last: dict[Kind, int] = {}
    for place, kind in enumerate(kinds):
        if kind in last:
            behind[last[kind]] = place
        else:
            heads.append(place)
        last[kind] = place
    return heads, behind


def _best(heads: Sequence[int], kinds: Sequence[Kind], full: set[int]) -> int:
    """Index of the first head that breaks no limit, else of the first that breaks fewest."""
    breaks_none = full.isdisjoint
    for at, place in enumerate(heads):
        if breaks_none(kinds[place]):
            return at
    return min(range(len(heads)), key=lambda at: sum(key in full for key in kinds[heads[at]]))


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
    rows, news = found.rows.tolist(), fresh.rows.tolist()
    new = set(news)
    order: list[int] = []
    placed: set[int] = set()
    at = ahead = since = 0  # since: places since the last fresh row
    while at < len(rows) and len(order) < count:
        # a new row that the list holds is taken from the fresh ones, so that the reason says that it is new
        if ahead < len(news) and since >= stretch - 1:
            row, place = news[ahead], len(rows) + ahead
            ahead += 1
        else:
            row, place = rows[at], at
            at += 1
        if row in placed:
            continue
        placed.add(row)
        order.append(place)
        since = 0 if row in new else since + 1
    order += [place for place in range(at, len(rows)) if rows[place] not in placed]
    return in_order(appended(found, fresh, unique=False), order)


def appended(found: Ranking, more: Ranking, *, unique: bool = True) -> Ranking:
    """``more`` after ``found``, scores raised where needed.

    Args:
        unique: no row may be in both (checked); False for a list that is about to be taken from.
    """
    if not len(more):
        return found
    names = tuple(dict.fromkeys((*found.names, *more.names)))
    codes = [
        np.array([names.index(name) for name in one.names], np.uint8)[one.sources] for one in (found, more)
    ]
    rows = np.concatenate([found.rows, more.rows])
    assert not unique or is_unique(rows)
    scores = np.concatenate([found.scores, more.scores])
    because = np.concatenate([found.because, more.because])
    return Ranking(rows, _raised(scores), np.concatenate(codes), because, names)


def in_order(found: Ranking, places: Sequence[int]) -> Ranking:
    """An order that was imposed: scores are raised where one below is higher."""
    at = np.asarray(places, np.intp)
    scores = _raised(found.scores[at])
    return Ranking(found.rows[at], scores, found.sources[at], found.because[at], found.names)


def _raised(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """No score is below one that follows it."""
    raised: npt.NDArray[np.float32] = np.maximum.accumulate(scores[::-1])[::-1]
    return raised

"""What is new."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking, Rows, ranking
from recsys.ask import Ask
from recsys.orders import first_allowed

NEW_DAYS = 30.0
"""A product is called new for so long after its launch."""

_DAY = 86_400.0
_LOOK = 2


def fresh(ask: Ask) -> Ranking:
    """New rows by launch date and, for a shopper who is known, by how much they are to their taste.

    ``score = 0.5^(age / half of NEW_DAYS) · (1 + max(0, cosine with the taste))``: among products of one
    day the fitting ones come first, and a week's difference in age is worth a fit of about 0.4.
    """
    rows, created = _newest(ask, ask.quota * _LOOK)
    age = np.maximum(ask.today - created, 0.0) / _DAY
    kept = age <= NEW_DAYS
    rows, age = rows[kept], age[kept]
    score = 0.5 ** (age / (NEW_DAYS / 2)) * (1.0 + _fit(ask, rows))
    return ranking(rows, score, source="fresh", most=ask.quota)


def _newest(ask: Ask, count: int) -> tuple[Rows, npt.NDArray[np.float64]]:
    """Allowed rows by launch date, the newest first, and the dates.

    Of rows since the build one without a date was launched when it came. A launch that lies ahead is not
    news yet.
    """
    created, latest = ask.catalogue.columns.numbers("created_at"), ask.today + _DAY
    built = _launched(ask, created, count, latest)
    since = np.arange(ask.catalogue.built_rows, ask.catalogue.rows, dtype=np.int32)
    if not len(since):
        return built, created[built]
    since = since[ask.mask[since]]
    dates = np.nan_to_num(created[since], nan=ask.today)
    since, dates = since[dates <= latest], dates[dates <= latest]
    if len(since) > count:
        newest = np.argpartition(-dates, count)[:count]
        since, dates = since[newest], dates[newest]
    rows, dates = np.concatenate([since, built]), np.concatenate([dates, created[built]])
    order = np.lexsort((rows, -dates))[:count]
    return rows[order], dates[order]


def _launched(ask: Ask, created: npt.NDArray[np.float64], count: int, latest: float) -> Rows:
    """Built rows that are allowed and were launched, the newest first."""
    asked = count
    while True:
        rows = first_allowed(ask.models.newest, ask.mask, asked)
        launched = rows[created[rows] <= latest]
        if len(launched) >= count or len(rows) < asked:
            return launched[:count]
        asked *= _LOOK


def _fit(ask: Ask, rows: Rows) -> npt.NDArray[np.float32]:
    """Cosine of each row with what the shopper touched, at least 0; 0 where nothing is known."""
    fit = np.zeros(len(rows), np.float32)
    index, towards = ask.catalogue.vectors("text"), ask.direction
    if index is not None and towards is not None and len(ask.taste):
        there = rows < index.size
        fit[there] = np.maximum(index.vectors(rows[there]) @ towards.mean, 0.0)
    return fit

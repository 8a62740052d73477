"""Who is no shopper: too fast, too much, or never buying in a flood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from offline.jobs.grouping import Places

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND


@dataclass(frozen=True, slots=True)
class BotRule:
    """When a shopper is taken for a machine; any one suffices.

    Attributes:
        fast_seconds, fast_least: with at least ``fast_least`` clicks and views, the median time between
            one and the next, at different times, is below ``fast_seconds``. A click and the view of the
            page that it opens are one look. Logs that only know the day
            or the minute have few different times: then nobody is fast.
        a_day: more clicks and views than this on one day (UTC), and no purchase or cart that day.
        blind_least: so many clicks and views without a single impression, in a log that has impressions
            of at least half of its shoppers. A page that is looked at reports what it shows.
    """

    fast_seconds: float = 1.5
    fast_least: int = 30
    a_day: int = 1_000
    blind_least: int = 200


def bots(
    starts: Places,
    time: npt.NDArray[np.int64],
    row: npt.NDArray[np.int32],
    *,
    looks: npt.NDArray[np.bool_],
    buys: npt.NDArray[np.bool_],
    impressions: npt.NDArray[np.int64],
    rule: BotRule,
) -> npt.NDArray[np.bool_]:
    """Which shoppers are machines.

    Args:
        starts: int64 (shoppers + 1,): the entries of each shopper are consecutive, in time.
        row: int32, the product of each entry.
        looks, buys: which entries are clicks or views; carts or purchases.
        impressions: int64 (shoppers,), products that each was shown.

    Returns:
        bool (shoppers,).
    """
    looked, fast, most_a_day = _habits(starts, time, row, looks, buys, rule.fast_least)
    blind = (looked >= rule.blind_least) & (impressions == 0)
    if not len(impressions) or (impressions > 0).mean() < 0.5:
        blind[:] = False
    quick = (looked >= rule.fast_least) & (fast < rule.fast_seconds * _SECOND)
    found: npt.NDArray[np.bool_] = quick | (most_a_day > rule.a_day) | blind
    return found


@njit(cache=True, nogil=True)
def _habits(starts, time, row, looks, buys, least):  # type: ignore[no-untyped-def]  # noqa: PLR0917 - a kernel
    """Looks, median gap between looks at different times (infinite with fewer than ``least`` looks, or when
    fewer than half of the gaps are above zero), and the most looks on a day without a purchase, by
    shopper."""
    shoppers = len(starts) - 1
    looked = np.zeros(shoppers, np.int64)
    gap = np.full(shoppers, np.inf)
    most = np.zeros(shoppers, np.int64)
    gaps = np.empty(np.diff(starts).max() if shoppers else 0, np.int64)
    for shopper in range(shoppers):
        count = 0
        last = np.int64(-1)
        product = np.int32(-1)
        day = np.int64(-1)
        today = 0
        bought = False
        for at in range(starts[shopper], starts[shopper + 1]):
            if time[at] // _DAY != day:
                if not bought:
                    most[shopper] = max(most[shopper], today)
                day, today, bought = time[at] // _DAY, 0, False
            bought = bought or buys[at]
            if not looks[at] or row[at] == product:
                continue
            product = row[at]
            looked[shopper] += 1
            today += 1
            if last >= 0 and time[at] > last:
                gaps[count] = time[at] - last
                count += 1
            last = time[at]
        if not bought:
            most[shopper] = max(most[shopper], today)
        if looked[shopper] >= max(least, 2) and 2 * count >= looked[shopper] - 1:
            gap[shopper] = np.median(gaps[:count])
    return looked, gap, most

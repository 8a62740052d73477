"""A public log in arrays, as the jobs take it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offline.jobs.grouping import by_group, gap_sessions, in_time
from offline.jobs.interactions import CODES, MICROSECONDS, Interactions, Seen

Ints = npt.NDArray[np.int32]
_GAP = 30 * 60 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class Log:
    """One entry for each product of each event, in any order.

    Attributes:
        shopper, row: int32 codes. event: uint8 places in ``EVENT_NAMES``. time: int64 microseconds.
        order: int32 codes, -1 for what is no purchase.
        shoppers, rows: how many there are.
    """

    shopper: Ints
    row: Ints
    event: npt.NDArray[np.uint8]
    time: npt.NDArray[np.int64]
    order: Ints
    shoppers: int
    rows: int

    def __len__(self) -> int:
        return len(self.row)

    def where(self, kept: npt.NDArray[np.bool_]) -> Log:
        """The entries of a mask, with the same codes."""
        return Log(
            self.shopper[kept], self.row[kept], self.event[kept], self.time[kept], self.order[kept],
            self.shoppers, self.rows,
        )  # fmt: skip

    def of(self, *events: str) -> npt.NDArray[np.bool_]:
        """Which entries are of these events."""
        return np.isin(self.event, [CODES[name] for name in events])

    def interactions(self) -> Interactions:
        """By shopper and time, with sessions that half an hour of silence ends: what a build trains on."""
        order, starts = by_group(self.shopper, self.shoppers)
        in_time(order, starts, self.time)
        moments = self.time[order]
        session, sessions = gap_sessions(starts, moments, np.ones(len(order), np.bool_), _GAP)
        return Interactions(
            shopper=self.shopper[order],
            row=self.row[order],
            event=self.event[order],
            time=moments,
            session=session,
            order=self.order[order],
            shoppers=self.shoppers,
            sessions=sessions,
            orders=int(self.order.max(initial=-1)) + 1,
            rows=self.rows,
            end=int(moments.max()) if len(moments) else None,
            seen=Seen(np.zeros(0, np.int32), np.zeros(0, np.int16)),
        )

"""What shoppers did, as arrays: the input of every model."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from indexing.contracts.events import EVENT_NAMES
from offline.jobs.grouping import take

CODES: dict[str, int] = {name: code for code, name in enumerate(EVENT_NAMES)}
"""Number of each event in :attr:`Interactions.event`."""

TOUCHES: tuple[str, ...] = ("click", "view_item", "add_to_wishlist", "add_to_cart", "purchase")
"""Events by which a shopper shows that they want a product."""

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Interactions:
    """One entry for each product of each event that touches products, by shopper and time.

    Attributes:
        shopper: int32 code, -1 where nothing about the person is kept.
        row: int32, place of the product among the ids given.
        event: uint8, place in ``EVENT_NAMES``; impressions are in :class:`Seen`.
        time: int64, microseconds since the epoch.
        session: int32 code, -1 for an event without shopper and session.
        order: int32 code of the order of a purchase, -1 for other events.
        shoppers, sessions, orders: how many codes there are.
        rows: how many products there are.
        end: microseconds since the epoch: the last event of the log, bots included; None without events.
    """

    shopper: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    event: npt.NDArray[np.uint8]
    time: npt.NDArray[np.int64]
    session: npt.NDArray[np.int32]
    order: npt.NDArray[np.int32]
    shoppers: int
    sessions: int
    orders: int
    rows: int
    end: int | None
    seen: Seen

    def __len__(self) -> int:
        return len(self.row)

    def where(self, kept: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> Interactions:
        """The entries of a mask, or at places."""
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        cut = {name: given[name][kept] for name in ("shopper", "row", "event", "time", "session", "order")}
        return Interactions(**(given | cut))

    def of(self, *events: str) -> npt.NDArray[np.bool_]:
        """Which entries are of these events."""
        wanted = np.zeros(len(EVENT_NAMES), np.bool_)
        wanted[[CODES[event] for event in events]] = True
        return take(wanted, self.event)


@dataclass(frozen=True, slots=True)
class Seen:
    """Impressions that clients reported: one entry for each product seen.

    Attributes:
        row: int32.
        position: int16, 1-based, 0 where it was not said.
    """

    row: npt.NDArray[np.int32]
    position: npt.NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.row)

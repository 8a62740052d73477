"""Clean the log: known products, each event once, no machines; and sessions where none are given."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.contracts.strings import SortedStrings
from offline.jobs.bots import BotRule, bots
from offline.jobs.grouping import Places, by_group, gap_sessions, in_time
from offline.jobs.hashing import Hashes, Lookup, combine, dense_codes, repeats
from offline.jobs.interactions import CODES, MICROSECONDS, Interactions, Seen
from offline.jobs.log_reading import RawEvents, open_log, read_events
from offline.jobs.progress import Progress, silent

_DAY = 86_400 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class CleanConfig:
    """How the log is cleaned.

    Attributes:
        gap_minutes: silence after which a shopper without session ids begins a new session.
        bots: see :class:`BotRule`.
        since, until: aware; only events with ``since <= timestamp < until``, for evaluation on a split.
    """

    gap_minutes: float = 30.0
    bots: BotRule = field(default_factory=BotRule)
    since: datetime | None = None
    until: datetime | None = None


class CleanReport(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        events: read, of any kind.
        duplicates: events whose ``event_id`` came before.
        unknown_items: products named (in touches and impressions) that the catalogue does not have.
        bots, bot_touches: machines, and what was dropped with them.
        touches, impressions: kept.
        first, last: of the touches kept, RFC 3339.
    """

    events: int
    duplicates: int
    unknown_items: int
    bots: int
    bot_touches: int
    touches: int
    impressions: int
    shoppers: int
    sessions: int
    orders: int
    first: str | None
    last: str | None
    seconds: float


def clean(
    events: Path,
    ids: SortedStrings,
    *,
    config: CleanConfig | None = None,
    progress: Progress = silent,
) -> tuple[Interactions, CleanReport]:
    """Read the log and clean it.

    Args:
        events: folder of Parquet files of ``EVENT_SCHEMA``; it may be empty or absent.
        ids: of the catalogue; a place in it is the row of a product.

    Raises:
        InputError: a file is not Parquet of ``EVENT_SCHEMA``.

    Returns:
        the interactions, by shopper and time (those without shopper last), and the report.
    """
    started = time.perf_counter()
    chosen = config or CleanConfig()
    raw = read_events(open_log(events, since=chosen.since, until=chosen.until), Lookup(ids.array), progress)
    progress("clean events", 0, 2)
    again = repeats(raw.event_id)
    shopper, hashes = dense_codes(raw.shopper)
    good = (raw.row >= 0) & ~again[raw.of]
    impression = raw.event[raw.of] == CODES["impression"]
    all_touches = _touches(raw, np.flatnonzero(good & ~impression), shopper, len(hashes), chosen)
    progress("clean events", 1, 2)
    machine = _machines(all_touches, _count(shopper[raw.of[good & impression]], len(hashes)), chosen.bots)
    human = ~_of_any(machine, shopper)[raw.of]
    shown = good & impression & human
    kept = replace(
        all_touches.where(~_of_any(machine, all_touches.shopper)),
        rows=len(ids),
        seen=Seen(raw.row[shown], raw.position[shown]),
    )
    progress("clean events", 2, 2)
    report = CleanReport(
        events=raw.read,
        duplicates=int(again.sum()),
        unknown_items=int((raw.row < 0).sum()),
        bots=int(machine.sum()),
        bot_touches=len(all_touches) - len(kept),
        touches=len(kept),
        impressions=len(kept.seen),
        shoppers=_different(kept.shopper),
        sessions=_different(kept.session),
        orders=_different(kept.order),
        first=_text(kept.time.min()) if len(kept) else None,
        last=_text(kept.time.max()) if len(kept) else None,
        seconds=time.perf_counter() - started,
    )
    return kept, report


def _touches(
    raw: RawEvents, lines: Places, shopper_of: npt.NDArray[np.int32], shoppers: int, config: CleanConfig
) -> Interactions:
    """Some lines as interactions, by shopper and time, those without shopper last."""
    shopper = shopper_of[raw.of[lines]]
    moment = raw.time[raw.of[lines]]
    order, starts = by_group(shopper, shoppers)
    in_time(order, starts, moment)
    order = np.concatenate([order, np.flatnonzero(shopper < 0)])
    at = raw.of[lines[order]]
    session, sessions = _sessions(raw, at, starts, config)
    orders = dense_codes(_orders(raw, at))
    return Interactions(
        shopper=shopper[order],
        row=raw.row[lines[order]],
        event=raw.event[at],
        time=raw.time[at],
        session=session,
        order=orders[0],
        shoppers=shoppers,
        sessions=sessions,
        orders=len(orders[1]),
        rows=0,
        end=raw.end,
        seen=Seen(np.zeros(0, np.int32), np.zeros(0, np.int16)),
    )


def _sessions(
    raw: RawEvents, at: Places, starts: Places, config: CleanConfig
) -> tuple[npt.NDArray[np.int32], int]:
    """The sessions that were given, and for entries without one those that a silence ends."""
    given, hashes = dense_codes(raw.session[at])
    gap = int(config.gap_minutes * 60 * MICROSECONDS)
    made, count = gap_sessions(starts, raw.time[at], given < 0, gap)
    both = np.where(given >= 0, given, np.where(made >= 0, made + len(hashes), -1))
    return both.astype(np.int32), len(hashes) + count


def _orders(raw: RawEvents, at: Places) -> Hashes:
    """What a purchase was bought with: its order, else what the shopper bought that day (UTC)."""
    same_day = combine(raw.shopper[at], raw.time[at] // _DAY)
    same_day[raw.shopper[at] == 0] = 0
    orders = np.where(raw.order[at] != 0, raw.order[at], same_day)
    orders[raw.event[at] != CODES["purchase"]] = 0
    return orders


def _machines(
    touches: Interactions, impressions: npt.NDArray[np.int64], rule: BotRule
) -> npt.NDArray[np.bool_]:
    counts = _count(touches.shopper, touches.shoppers)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    looks, buys = touches.of("click", "view_item"), touches.of("add_to_cart", "purchase")
    return bots(
        starts, touches.time, touches.row, looks=looks, buys=buys, impressions=impressions, rule=rule
    )


def _count(codes: npt.NDArray[np.int32], most: int) -> npt.NDArray[np.int64]:
    """How often each code occurs; -1 is not counted."""
    return np.bincount(codes[codes >= 0], minlength=most)


def _of_any(wanted: npt.NDArray[np.bool_], codes: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """``wanted`` at each code; False for -1."""
    found: npt.NDArray[np.bool_] = np.append(wanted, False)[codes]
    return found


def _different(codes: npt.NDArray[np.int32]) -> int:
    return len(np.unique(codes[codes >= 0]))


def _text(moment: np.int64) -> str:
    return datetime.fromtimestamp(int(moment) / MICROSECONDS, UTC).isoformat()

"""Clean the log: known products, each event once, no machines; and sessions where none are given."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.contracts.strings import SortedStrings
from offline.jobs.bots import BotRule, bots
from offline.jobs.grouping import Order, Places, by_group, gap_sessions, in_time, take
from offline.jobs.hashing import Lookup, combine, dense_codes, repeats
from offline.jobs.interactions import CODES, MICROSECONDS, Interactions, Seen
from offline.jobs.log_reading import RawEvents, open_log, read_events
from offline.jobs.progress import Progress, silent

_DAY = 86_400 * MICROSECONDS
_LEFT_OUT = -2


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
    with ThreadPoolExecutor(1) as beside:
        repeated = beside.submit(repeats, raw.event_id)
        shopper, hashes = dense_codes(raw.shopper)
        again = repeated.result()
    good = (raw.row >= 0) & ~take(again, raw.of)
    impression = take(raw.event == CODES["impression"], raw.of)
    touched, starts = _touches(raw, good & ~impression, shopper, len(hashes), chosen)
    progress("clean events", 1, 2)
    shown = np.flatnonzero(good & impression)
    seen_by = take(shopper, take(raw.of, shown))
    machine = _machines(touched, starts, _count(seen_by, len(hashes)), chosen.bots)
    shown = shown[~_of_any(machine, seen_by)]
    human = touched if not machine.any() else touched.where(~_of_any(machine, touched.shopper))
    kept = replace(human, rows=len(ids), seen=Seen(raw.row[shown], raw.position[shown]))
    progress("clean events", 2, 2)
    report = CleanReport(
        events=raw.read,
        duplicates=int(again.sum()),
        unknown_items=int((raw.row < 0).sum()),
        bots=int(machine.sum()),
        bot_touches=len(touched) - len(kept),
        touches=len(kept),
        impressions=len(kept.seen),
        shoppers=_different(kept.shopper, kept.shoppers),
        sessions=_different(kept.session, kept.sessions),
        orders=_different(kept.order, kept.orders),
        first=_text(kept.time.min()) if len(kept) else None,
        last=_text(kept.time.max()) if len(kept) else None,
        seconds=time.perf_counter() - started,
    )
    return kept, report


def _touches(
    raw: RawEvents,
    wanted: npt.NDArray[np.bool_],
    shopper: npt.NDArray[np.int32],
    shoppers: int,
    config: CleanConfig,
) -> tuple[Interactions, Places]:
    """The lines that are wanted, by shopper and time, those without shopper last; and where each shopper's
    begin."""
    code = take(shopper, raw.of)
    code[~wanted] = _LEFT_OUT
    lines, starts = by_group(code, shoppers)
    in_time(lines, starts, take(raw.time, raw.of))
    lines = np.concatenate([lines, np.flatnonzero(code == -1).astype(np.int32)])
    at = take(raw.of, lines)
    with ThreadPoolExecutor(1) as beside:
        rows, moments = beside.submit(take, raw.row, lines), beside.submit(take, raw.time, at)
        code, event = take(code, lines), take(raw.event, at)
        moment = moments.result()
        ordered = beside.submit(_orders, raw, shopper, at, event)
        session, sessions = _sessions(raw, at, starts, moment, config)
        order, orders = ordered.result()
    touched = Interactions(
        shopper=code,
        row=rows.result(),
        event=event,
        time=moment,
        session=session,
        order=order,
        shoppers=shoppers,
        sessions=sessions,
        orders=orders,
        rows=0,
        end=raw.end,
        seen=Seen(np.zeros(0, np.int32), np.zeros(0, np.int16)),
    )
    return touched, starts


def _sessions(
    raw: RawEvents, at: Order, starts: Places, moment: npt.NDArray[np.int64], config: CleanConfig
) -> tuple[npt.NDArray[np.int32], int]:
    """The sessions that were given, and for entries without one those that a silence ends."""
    gap = int(config.gap_minutes * 60 * MICROSECONDS)
    if raw.session is None:
        return gap_sessions(starts, moment, np.ones(len(at), np.bool_), gap)
    given, hashes = dense_codes(take(raw.session, at))
    made, count = gap_sessions(starts, moment, given < 0, gap)
    made[made >= 0] += len(hashes)
    return np.maximum(given, made), len(hashes) + count


def _orders(
    raw: RawEvents, shopper: npt.NDArray[np.int32], at: Order, event: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.int32], int]:
    """What a purchase was bought with: its order, else what the shopper bought that day (UTC)."""
    bought = np.flatnonzero(event == CODES["purchase"])
    which = at[bought]
    orders = combine(raw.shopper[which], raw.time[which] // _DAY)
    orders[shopper[which] < 0] = 0
    if raw.order is not None:
        orders = np.where(raw.order[which] != 0, raw.order[which], orders)
    codes = np.full(len(at), -1, np.int32)
    codes[bought], hashes = dense_codes(orders)
    return codes, len(hashes)


def _machines(
    touched: Interactions, starts: Places, impressions: npt.NDArray[np.int64], rule: BotRule
) -> npt.NDArray[np.bool_]:
    looks, buys = touched.of("click", "view_item"), touched.of("add_to_cart", "purchase")
    return bots(
        starts, touched.time, touched.row, looks=looks, buys=buys, impressions=impressions, rule=rule
    )


def _count(codes: npt.NDArray[np.int32], most: int) -> npt.NDArray[np.int64]:
    """How often each code occurs; -1 is not counted."""
    return np.bincount(codes[codes >= 0], minlength=most)


def _of_any(wanted: npt.NDArray[np.bool_], codes: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """``wanted`` at each code; False for -1."""
    return take(np.append(wanted, False), codes)


def _different(codes: npt.NDArray[np.int32], most: int) -> int:
    """How many codes occur, -1 apart."""
    occurs = np.zeros(most + 1, np.bool_)
    occurs[codes] = True
    return int(occurs[:-1].sum())


def _text(moment: np.int64) -> str:
    return datetime.fromtimestamp(int(moment) / MICROSECONDS, UTC).isoformat()

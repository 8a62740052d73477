"""Times as the journal keeps them: microseconds since the epoch, UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
DAY_US = 86_400_000_000

LATEST_AHEAD = timedelta(minutes=10)
OLDEST_BEHIND = timedelta(days=30)


def micros(time: datetime) -> int:
    """Microseconds of an aware time; every aware time has them, also those outside years 1 to 9999 UTC."""
    return (time - EPOCH) // _MICROSECOND


def moment(micros: int) -> datetime:
    """The aware time of :func:`micros`."""
    return EPOCH + micros * _MICROSECOND


def now_micros() -> int:
    return micros(datetime.now(UTC))


def day_of(micros: int) -> date:
    """The UTC day."""
    return moment(micros).date()


def trusted(timestamp: datetime, received_at: datetime) -> datetime:
    """What to order by: the sender's time, or ours where the sender's clock is plainly wrong, which is
    more than ten minutes ahead of ours or thirty days behind. Both are stored, so that every
    reader of the log can decide for itself."""
    ahead = timestamp - received_at
    return timestamp if -OLDEST_BEHIND <= ahead <= LATEST_AHEAD else received_at

"""Times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from indexing.journal.times import day_of, micros, moment, trusted

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# hypothesis wants its bounds without a zone
TIMES = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES)  # noqa: DTZ001


@given(time=TIMES)
def test_micros_and_back(time: datetime) -> None:
    """Microseconds hold an aware time exactly."""
    assert moment(micros(time)) == time
    assert day_of(micros(time)) == time.astimezone(UTC).date()


@given(off=st.integers(-10_000_000, 10_000_000))
def test_trusted_is_near_our_clock(off: int) -> None:
    """What is trusted lies between thirty days before and ten minutes after the arrival."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    timestamp = now + timedelta(seconds=off)
    assert trusted(timestamp, now) == (timestamp if -30 * 86400 <= off <= 600 else now)

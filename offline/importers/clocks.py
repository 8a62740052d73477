"""The times of public logs, as text, to UTC.

Times from 1990 to 2099 are taken: seconds read as milliseconds are in January 1970, milliseconds read as
seconds are later than the year 40,000.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are written.

    Attributes:
        wanted: what is expected, for errors.
        read: a text to the time, aware; None where it is none.
    """

    wanted: str
    read: Callable[[str], datetime | None]


def _since_1970(unit: str, per_second: int = 1, first: int = 1990, last: int = 2099) -> Clock:
    """Whole numbers; ``first`` and ``last`` are years."""
    start, end = (
        int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * per_second for year in (first, last + 1)
    )

    def read(text: str) -> datetime | None:
        if not (text.isascii() and text.isdigit() and len(text) < 16 and start <= int(text) < end):
            return None
        return datetime.fromtimestamp(int(text) / per_second, UTC)

    years = str(first) if first == last else f"{first} to {last}"
    return Clock(f"{unit} since 1970 ({years})", read)


@lru_cache(maxsize=10_000)  # a month has 744 hours
def _hour_in_china(text: str) -> datetime | None:
    try:
        local = datetime.strptime(text, "%Y-%m-%d %H").replace(tzinfo=_CHINA)
    except ValueError:
        return None
    return local.astimezone(UTC) if 1990 <= local.year <= 2099 else None


SECONDS = _since_1970("seconds")
MILLISECONDS = _since_1970("milliseconds", 1_000)
SECONDS_OF_2017 = _since_1970("seconds", first=2017, last=2017)
"""Of a log of nine days, some clocks of which say 2018 or 2037: a build counts every age from the last."""
HOUR_IN_CHINA = Clock("a day and an hour such as 2014-12-06 02 (1990 to 2099)", _hour_in_china)

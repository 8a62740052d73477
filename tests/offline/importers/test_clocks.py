"""The times of public logs: each in its own unit, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from offline.importers.clocks import HOUR_IN_CHINA, MILLISECONDS, SECONDS, SECONDS_OF_2017, Clock


@pytest.mark.parametrize(
    ("clock", "text", "time"),
    [
        (SECONDS, "978300760", datetime(2000, 12, 31, 22, 12, 40, tzinfo=UTC)),
        (MILLISECONDS, "1433221332117", datetime(2015, 6, 2, 5, 2, 12, 117_000, tzinfo=UTC)),
        (SECONDS_OF_2017, "1511544070", datetime(2017, 11, 24, 17, 21, 10, tzinfo=UTC)),
        (HOUR_IN_CHINA, "2014-12-06 02", datetime(2014, 12, 5, 18, tzinfo=UTC)),
    ],
)
def test_a_published_time_is_read_in_its_unit(clock: Clock, text: str, time: datetime) -> None:
    """China is eight hours ahead of UTC."""
    assert clock.read(text) == time


@pytest.mark.parametrize(
    ("clock", "text"),
    [
        (SECONDS, "1433221332117"),  # milliseconds
        (MILLISECONDS, "1433221332"),  # seconds: the 17th of January 1970
        (SECONDS, "-1"),
        (SECONDS, "4102444800"),  # 2100-01-01
        (SECONDS, "１４３３２２１３３２"),  # full width
        (SECONDS, "1433221332.5"),
        (SECONDS, "9" * 5_000),  # Python refuses to read as many digits
        (SECONDS_OF_2017, "2123321332"),  # 2037, as some of these clocks say
        (HOUR_IN_CHINA, "2014-12-06 24"),
        (HOUR_IN_CHINA, "2014-12-06"),
        (HOUR_IN_CHINA, "0001-01-01 00"),
    ],
)
def test_what_is_no_time_of_the_log_is_none(clock: Clock, text: str) -> None:
    """Another unit, another century, another form."""
    assert clock.read(text) is None

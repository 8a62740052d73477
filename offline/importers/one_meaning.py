"""What other programs write in another form than ours, where it has one meaning only.

Ids that are numbers, whole numbers that are floats (pandas, as soon as one is missing), flags that are 0
and 1, times without a zone: they are the shop's own. Looked at only where a row was refused, so that it
costs nothing to files in our form. What could mean two things (``02.01.2026``, ``1,299``) stays an error.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from offline.importers.rows import Row

_TIMES = frozenset(
    {"timestamp", "created_at", "eventTime", "availableTime", "publishTime", "originalTimestamp"}
)
_EPOCHS = frozenset({"timestamp_s", "timestamp_ms", "timestamp_micros", "event_timestamp", "ts", "time"})
_FLAGS = frozenset({"in_stock", "consent"})
_LINES = frozenset({"items", "products"})
_LOCAL = re.compile(
    r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?"
    r"(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_DIGITS = re.compile(r"\d{9,19}(\.\d+)?", re.ASCII)
_CLOCKS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))
"""Below which number an epoch clock counts how many a second: seconds from 1973 on, to the year 5138."""


def in_our_form(row: Row, zone: ZoneInfo) -> dict[str, Any]:
    """The row with each value that has one meaning only in the type that we know it by.

    Args:
        zone: of times that name none.

    >>> in_our_form({"item_id": 7, "in_stock": 1, "rating_count": 3.0}, ZoneInfo("UTC"))
    {'item_id': '7', 'in_stock': True, 'rating_count': 3}
    """
    return {name: _value(name, value, zone) for name, value in row.items()}


def _value(name: str, value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, bool):
        return value
    if name in _TIMES:
        return _time(value, zone)
    if name in _EPOCHS and isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        return float(value)
    if name in _FLAGS and value in (0, 1):
        return bool(value)
    if name in _LINES and isinstance(value, list):
        return [in_our_form(line, zone) if isinstance(line, dict) else line for line in value]
    return _number(name, value)


def _number(name: str, value: Any) -> Any:
    if isinstance(value, float | Decimal) and -(2**53) < value < 2**53 and value == int(value):
        value = int(value)
    if isinstance(value, int) and (name.lower().endswith("id") or name == "sku"):
        return str(value)
    return value


def _time(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime.combine(value, time(), zone)
    if isinstance(value, str):
        text = value.strip()
        if match := _LOCAL.fullmatch(text):
            return _local(match, zone) or value
        if not _DIGITS.fullmatch(text):
            return value
        return _epoch(float(text)) or value
    return _epoch(value) or value if isinstance(value, int | float) else value


def _local(match: re.Match[str], zone: ZoneInfo) -> datetime | None:
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    known = zone if offset is None else UTC
    away = timedelta()
    if offset not in (None, "Z", "UTC"):
        away = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])) * (1 if offset[0] == "+" else -1)
    try:
        clock = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            micros,
            known,
        )
        return clock - away
    except (ValueError, OverflowError):
        return None


def _epoch(value: float) -> datetime | None:
    scale = next((scale for end, scale in _CLOCKS if 1e8 <= value < end), None)
    return None if scale is None else datetime.fromtimestamp(value / scale, UTC)

"""What is clicked and bought these days: events, each worth half of what it was three days before."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from offline.jobs.counts import WEIGHTS, CountReport, weights_of, write_scores
from offline.jobs.interactions import MICROSECONDS, Interactions
from offline.jobs.progress import Progress, silent

_DAY = 86_400 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class TrendConfig:
    """How the trend is counted.

    Attributes:
        half_life_days: after which an event counts half.
        weights: of events by name.
        now: aware; the end of the log when None.
    """

    half_life_days: float = 3.0
    weights: dict[str, float] = field(default_factory=WEIGHTS.copy)
    now: datetime | None = None


def trend(
    found: Interactions, folder: Path, *, config: TrendConfig | None = None, progress: Progress = silent
) -> CountReport:
    """``score = Σ weight · 0.5^(age / half life)`` into ``folder`` (``models/trend``).

    Events after ``now`` count as if they were of now: a clock that is ahead makes no trend.
    """
    started = time.perf_counter()
    chosen = config or TrendConfig()
    now = found.end if chosen.now is None else int(chosen.now.timestamp() * MICROSECONDS)
    if now is None or not len(found):
        return CountReport(0, 0, 0, time.perf_counter() - started, written=False, why="no events")
    age = np.maximum(now - found.time, 0) / _DAY
    weights = weights_of(found, chosen.weights) * 0.5 ** (age / chosen.half_life_days)
    scores = np.bincount(found.row, weights=weights, minlength=found.rows).astype(np.float64)
    size = write_scores(
        folder, scores, {"now": now / MICROSECONDS, "half_life_days": chosen.half_life_days}
    )
    progress("trend", 1, 1)
    return CountReport(
        events=int((weights > 0).sum()),
        products=int((scores > 0).sum()),
        bytes=size,
        seconds=time.perf_counter() - started,
        written=True,
    )

"""How sought after a product is, over the whole log, in [0, 1]."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from offline.jobs.counts import WEIGHTS, CountReport, weights_of, write_scores
from offline.jobs.interactions import Interactions, Seen
from offline.jobs.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class PopularityConfig:
    """How popularity is counted.

    Attributes:
        weights: of events by name.
        prior: impressions that a product is given with the shop's mean yield, so that one click of one
            impression is no record.
        exposure: how far the count is corrected for how often a product was shown, from 0 (events as
            they are) to 1 (events for each impression).
    """

    weights: dict[str, float] = field(default_factory=WEIGHTS.copy)
    prior: float = 200.0
    exposure: float = 0.5


def popularity(
    found: Interactions,
    folder: Path,
    *,
    config: PopularityConfig | None = None,
    progress: Progress = silent,
) -> CountReport:
    """``score = log(1 + events · (expected impressions / impressions)^exposure)``, scaled to [0, 1].

    A product gathers events because it is good and because it was shown; what was shown at the top gathers
    more than it should. Dividing by the impressions alone would let noise win, so the correction is damped
    twice: by the prior and by the exponent. Without impressions in the log the count is taken as it is.
    """
    started = time.perf_counter()
    chosen = config or PopularityConfig()
    weights = weights_of(found, chosen.weights)
    if not weights.any():
        return CountReport(0, 0, 0, time.perf_counter() - started, written=False, why="no events")
    sums = np.bincount(found.row, weights=weights, minlength=found.rows).astype(np.float64)
    level = np.log1p(sums * _correction(found.seen, sums, chosen))
    scores = level / level.max()
    size = write_scores(folder, scores, {"prior": chosen.prior, "exposure": chosen.exposure})
    progress("popularity", 1, 1)
    return CountReport(
        events=int((weights > 0).sum()),
        products=int((scores > 0).sum()),
        bytes=size,
        seconds=time.perf_counter() - started,
        written=True,
    )


def _correction(
    seen: Seen, sums: npt.NDArray[np.float64], config: PopularityConfig
) -> npt.NDArray[np.float64]:
    """Above 1 for products that were shown less than the shop's mean, below 1 for those shown more."""
    shown = np.bincount(seen.row, minlength=len(sums)).astype(np.float64)
    touched = sums > 0
    if not shown[touched].any():
        return np.ones(len(sums))
    mean = shown[touched].mean()
    correction: npt.NDArray[np.float64] = (
        (mean + config.prior) / (shown + config.prior)
    ) ** config.exposure
    return correction

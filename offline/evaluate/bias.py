"""Position bias recovered from the clicks, beside what the simulation planted.

Whole pages of searches were shuffled now and then, and each slot has the probability with which its
product stood there. Weighting each slot seen by ``(1 / n) / propensity`` (inverse propensity; Horvitz and
Thompson 1952) gives the click-through of every position as if any of the n products had stood there
equally often: what is left is how much the position is looked at, relative to the first. Machines, which
click every slot in turn, are left out by the rule of the cleaning job: in the demo
shop six in a thousand lists are theirs, and a sixth of all clicks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.contracts.errors import InputError
from offline.jobs.bots import BotRule

DEPTH, WIDTH = 10, 20
_DRAWS = 500
Slots = npt.NDArray[np.float64]


class PositionBias(msgspec.Struct, frozen=True):
    """Examination by position, from 1, relative to the first.

    Attributes:
        recovered, low, high: from shuffles; the 95 % interval over lists.
        naive: plain click-through, which mistakes the order of the list for bias.
        slope: of ``1 / (1 + slope · (position − 1))``, fitted to what was recovered.
        error, naive_error: mean absolute difference to the truth.
    """

    lists: int
    truth: list[float]
    recovered: list[float]
    low: list[float]
    high: list[float]
    naive: list[float]
    slope: float
    true_slope: float
    error: float
    naive_error: float


def position_bias(home: Path, *, seed: int = 1) -> PositionBias:
    """Recover the bias from full first pages of search.

    Raises:
        InputError: too few clicks on the first place to divide by.
    """
    truth = msgspec.json.decode((home / "truth" / "bias.json").read_bytes())
    weight, clicked, seen = _slots(home)
    if (clicked[:, 0] * weight[:, 0]).sum() == 0:
        raise InputError("no click on a first place: the log is too short", field="home", code="empty")
    rng = np.random.default_rng(seed)
    recovered, naive = _relative(weight * seen, clicked), _relative(seen, clicked)
    draws = np.array([_drawn(weight * seen, clicked, rng) for _ in range(_DRAWS)])
    low, high = np.percentile(draws, (2.5, 97.5), axis=0)
    wanted = np.array(truth["examination"][:DEPTH])
    return PositionBias(
        lists=len(weight),
        truth=wanted.tolist(),
        recovered=_plain(recovered),
        low=_plain(low),
        high=_plain(high),
        naive=_plain(naive),
        slope=round(_slope(recovered, np.std(draws, axis=0)), 4),
        true_slope=truth["slope"],
        error=round(float(np.abs(recovered - wanted).mean()), 4),
        naive_error=round(float(np.abs(naive - wanted).mean()), 4),
    )


def _relative(weight: Slots, clicked: Slots) -> Slots:
    rate = (weight * clicked).sum(0) / weight.sum(0)
    return np.asarray(rate / rate[0])


def _drawn(weight: Slots, clicked: Slots, rng: np.random.Generator) -> Slots:
    times = rng.poisson(1.0, len(weight))[:, None]  # the bootstrap of a large sample, a list at a time
    return _relative(weight * times, clicked)


def _slope(examined: Slots, errors: Slots) -> float:
    """Least squares of ``1/e − 1 = slope · (k − 1)``, weighed by how sure each e is."""
    steps = np.arange(1, DEPTH, dtype=np.float64)
    sure = (examined[1:] ** 2 / np.maximum(errors[1:], 1e-9)) ** 2  # of 1/e: error / e²
    return float((sure * steps * (1 / examined[1:] - 1)).sum() / (sure * steps**2).sum())


def _plain(values: Any) -> list[float]:
    return [round(float(value), 4) for value in values]


def _slots(home: Path) -> tuple[Slots, Slots, Slots]:
    """Weights, clicks and impressions of the first ten places of full first pages; float64 (lists, 10)."""
    import duckdb

    events, shown, rule = _files(home, "events"), _files(home, "shown"), BotRule()
    with duckdb.connect(config={"threads": 2}) as base:
        found = base.execute(
            """WITH gaps AS (
                 SELECT shopper, epoch(timestamp - lag(timestamp) OVER (
                            PARTITION BY shopper ORDER BY timestamp)) AS gap
                 FROM read_parquet(?, hive_partitioning = false)
                 WHERE event = 'click' AND shopper IS NOT NULL),
               machines AS (
                 SELECT shopper FROM gaps GROUP BY shopper HAVING median(gap) < ? AND count(*) >= ?),
               lists AS (
                 SELECT request_id, slots FROM read_parquet(?)
                 WHERE scenario = 'search' AND page_of IS NULL AND len(slots) = ?
                   AND shopper NOT IN (FROM machines)),
               places AS (SELECT request_id, unnest(slots) AS slot FROM lists),
               looks AS (
                 SELECT request_id, len(items) AS depth
                 FROM read_parquet(?, hive_partitioning = false)
                 WHERE event = 'impression' AND request_id IS NOT NULL),
               clicks AS (
                 SELECT DISTINCT request_id, position FROM read_parquet(?, hive_partitioning = false)
                 WHERE event = 'click')
               SELECT p.request_id AS request_id, slot.position AS position, slot.propensity AS propensity,
                      (slot.position <= coalesce(l.depth, 0))::DOUBLE AS seen,
                      (c.position IS NOT NULL)::DOUBLE AS clicked
               FROM places p LEFT JOIN looks l USING (request_id)
               LEFT JOIN clicks c ON c.request_id = p.request_id AND c.position = slot.position
               WHERE slot.position <= ? ORDER BY request_id, position""",
            [events, rule.fast_seconds, rule.fast_least, shown, WIDTH, events, events, DEPTH],
        ).fetchnumpy()
    shape = (-1, DEPTH)
    weight = (1 / WIDTH) / np.asarray(found["propensity"], np.float64).reshape(shape)
    clicked, seen = (np.asarray(found[name], np.float64).reshape(shape) for name in ("clicked", "seen"))
    return weight, clicked, seen


def _files(home: Path, kind: str) -> list[str]:
    files = sorted(str(path) for path in home.glob(f"{kind}/day=*/*.parquet"))
    if not files:
        raise InputError(f"there is no log in {home}/{kind}", field="home", code="missing")
    return files

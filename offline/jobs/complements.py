"""What goes with a product by its kind: for products that too few have bought."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from offline.jobs.counts import WEIGHTS, weights_of
from offline.jobs.grouping import by_group
from offline.jobs.interactions import Interactions
from offline.jobs.kinds import KindPairs, kind_pairs
from offline.jobs.progress import Progress, silent

Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ComplementConfig:
    """How complements are chosen.

    Attributes:
        partners: kinds kept for each kind.
        best: most popular products kept of each kind.
        sigmas, least: see ``kinds.kind_pairs``.
    """

    partners: int = 8
    best: int = 100
    sigmas: float = 3.0
    least: int = 5


class ComplementReport(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        pairs: of kinds that go together, both ways counted.
        kinds: with a partner, of how many.
        written: False when there is no pair; ``why`` says so.
    """

    pairs: int
    kinds: int
    of: int
    bytes: int
    seconds: float
    written: bool
    why: str | None = None


def complements(
    found: Interactions,
    kinds: Codes,
    folder: Path,
    *,
    config: ComplementConfig | None = None,
    progress: Progress = silent,
) -> ComplementReport:
    """Write ``kinds.npy`` (kind of each row), ``partners.npy`` and ``excess.npy`` (kinds that go with each
    kind, best first, -1 padded) and ``best.npy`` (rows of each kind, the most sought after first, -1
    padded) into ``folder`` (``models/complements``).

    Args:
        kinds: int32 (products,), -1 for none; ``kinds.kinds_of`` makes them of category paths.
    """
    started = time.perf_counter()
    chosen = config or ComplementConfig()
    pairs = kind_pairs(
        found.order, found.row, kinds, baskets=found.orders, sigmas=chosen.sigmas, least=chosen.least
    )
    arrays: dict[str, npt.NDArray[np.generic]] = {"kinds": kinds}
    if len(pairs.first):
        arrays["partners"], arrays["excess"] = _partners(pairs, chosen.partners)
        arrays["best"] = _best(found, kinds, pairs.kinds, chosen.best)
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array)
    progress("complements", 1, 1)
    return ComplementReport(
        pairs=len(pairs.first),
        kinds=len(np.unique(pairs.first)),
        of=pairs.kinds,
        bytes=sum(array.nbytes for array in arrays.values()) if len(pairs.first) else 0,
        seconds=time.perf_counter() - started,
        written=len(pairs.first) > 0,
        why=None if len(pairs.first) else "no two kinds are bought together beyond chance",
    )


def _partners(pairs: KindPairs, most: int) -> tuple[Codes, npt.NDArray[np.float32]]:
    partners = np.full((pairs.kinds, most), -1, np.int32)
    scores = np.zeros((pairs.kinds, most), np.float32)
    order = np.lexsort((pairs.second, -pairs.excess, pairs.first))
    first = pairs.first[order]
    place = np.arange(len(first)) - np.searchsorted(first, first)  # within its kind
    kept = place < most
    partners[first[kept], place[kept]] = pairs.second[order][kept]
    scores[first[kept], place[kept]] = pairs.excess[order][kept]
    return partners, scores


def _best(found: Interactions, kinds: Codes, count: int, most: int) -> Codes:
    """The most sought after rows of each kind, ties by row."""
    sums = np.bincount(found.row, weights=weights_of(found, WEIGHTS), minlength=len(kinds))
    by_score = np.argsort(-sums, kind="stable").astype(np.int32)
    places, starts = by_group(kinds[by_score], count)
    best = np.full((count, most), -1, np.int32)
    for kind in range(count):
        rows = by_score[places[starts[kind] : starts[kind + 1]]][:most]
        best[kind, : len(rows)] = rows
    return best

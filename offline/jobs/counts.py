"""What the counting jobs share: weights of events, and the files of a score."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.contracts.events import EVENT_NAMES
from offline.jobs.interactions import CODES, Interactions

WEIGHTS: dict[str, float] = {
    "click": 1.0,
    "view_item": 1.0,
    "add_to_wishlist": 2.0,
    "add_to_cart": 3.0,
    "purchase": 5.0,
}
"""How much an event says that a product is sought after."""


class CountReport(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        events: counted.
        products: with a score above zero.
        written: False when there were none; ``why`` says so.
    """

    events: int
    products: int
    bytes: int
    seconds: float
    written: bool
    why: str | None = None


def weights_of(found: Interactions, weights: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """The weight of each entry, float64 (n,); 0 for events that are not named."""
    table = np.zeros(len(EVENT_NAMES))
    table[[CODES[name] for name in weights]] = list(weights.values())
    of_entries: npt.NDArray[np.float64] = table[found.event]
    return of_entries


def write_scores(folder: Path, scores: npt.NDArray[np.float64], info: Mapping[str, float]) -> int:
    """Write ``scores.npy`` float32, ``order.npy`` int32 (best first, ties by row) and ``model.json``.

    Returns:
        bytes of the arrays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    small = scores.astype(np.float32)
    order = np.argsort(-small, kind="stable").astype(np.int32)
    np.save(folder / "scores.npy", small)
    np.save(folder / "order.npy", order)
    (folder / "model.json").write_bytes(msgspec.json.encode(dict(info)))
    return small.nbytes + order.nbytes

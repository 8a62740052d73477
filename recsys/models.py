"""The models of one snapshot, memory-mapped. What was not built is None."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from indexing.contracts.errors import SnapshotBroken
from indexing.contracts.ranking import Rows
from indexing.snapshots.catalogue import Catalogue
from indexing.vectors.codes import Codes
from indexing.vectors.mapping import map_array
from recsys.by_length import FIRST, ByLength, code_blocks


class FactorSettings(msgspec.Struct, frozen=True):
    """How the factors were trained: a shopper is folded in with the same numbers.

    Attributes:
        event_weights: strength of one event by name.
        alpha: confidence of a product is ``1 + alpha * strength``.
    """

    factors: int
    regularization: float
    alpha: float
    event_weights: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Factors:
    """items float32 (n, f), zeros for items without events, and their order by length; inverse float64
    (f, f) = (YᵀY + λI)⁻¹."""

    items: npt.NDArray[np.float32]
    by_length: ByLength
    inverse: npt.NDArray[np.float64]
    settings: FactorSettings


@dataclass(frozen=True, slots=True)
class Neighbours:
    """rows int32 (n, k), -1 padded, best first; scores float32 (n, k)."""

    rows: Rows
    scores: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Complements:
    """Kinds that go together, and the best products of each.

    Attributes:
        kinds: int32 (n,), kind of each built row, -1 for none.
        partners: int32 (kinds, p), -1 padded, best first; scores float32 of that shape.
        best: int32 (kinds, b), rows of each kind, the most sought after first, -1 padded.
    """

    kinds: Rows
    partners: Rows
    scores: npt.NDArray[np.float32]
    best: Rows


@dataclass(frozen=True, slots=True)
class Scores:
    """A score for each built row, float32 (n,), and the rows by score, best first, ties by row."""

    scores: npt.NDArray[np.float32]
    order: Rows


@dataclass(frozen=True, slots=True)
class Models:
    """What recommendation reads of ``models/``."""

    factors: Factors | None
    item_item: Neighbours | None
    co_purchase: Neighbours | None
    complements: Complements | None
    trend: Scores | None
    popularity: Scores | None
    newest: Rows
    """Built rows with a launch date, the newest first, ties by row."""

    trend_now: float | None
    """End of the log that the trend was counted on, seconds since the epoch."""


def open_models(catalogue: Catalogue) -> Models:
    """Map the models of the catalogue's snapshot; about 0.1 s at a million rows, for the launch dates.

    Raises:
        SnapshotBroken: a file of a model is absent, short, or not of this snapshot's rows.
    """
    created = catalogue.columns.numbers("created_at")[: catalogue.built_rows]
    try:
        models = Models(
            factors=_factors(catalogue.model("factors")),
            item_item=_neighbours(catalogue.model("item_item")),
            co_purchase=_neighbours(catalogue.model("co_purchase")),
            complements=_complements(catalogue.model("complements")),
            trend=_scores(catalogue.model("trend")),
            popularity=_scores(catalogue.model("popularity")),
            newest=_newest(created),
            trend_now=_trend_now(catalogue.model("trend")),
        )
        _check_rows(models, catalogue.built_rows)
    except (OSError, EOFError, ValueError, msgspec.MsgspecError) as error:
        raise SnapshotBroken(f"{catalogue.snapshot_name}: models cannot be read: {error}") from error
    return models


def _check_rows(models: Models, rows: int) -> None:
    """Every array by row has an entry for each built row."""
    near = {"item_item": models.item_item, "co_purchase": models.co_purchase}
    scores = {"trend": models.trend, "popularity": models.popularity}
    held = {name: len(one.rows) for name, one in near.items() if one is not None}
    held |= {name: len(one.scores) for name, one in scores.items() if one is not None}
    if models.factors is not None:
        held["factors"] = len(models.factors.items)
    if models.complements is not None:
        held["complements"] = len(models.complements.kinds)
    for name, count in held.items():
        if count != rows:
            raise ValueError(f"models/{name} is of {count} rows, the snapshot of {rows}")


def _factors(folder: Path | None) -> Factors | None:
    if folder is None:
        return None
    settings = msgspec.json.decode((folder / "model.json").read_bytes(), type=FactorSettings)
    items = map_array(folder / "items.npy").astype(np.float32, copy=False)
    order = map_array(folder / "order.npy").astype(np.int32, copy=False)
    lengths = map_array(folder / "lengths.npy").astype(np.float32, copy=False)
    gram = map_array(folder / "gram.npy").astype(np.float64, copy=False)
    vectors = map_array(folder / "by_length.npy").astype(np.float32, copy=False)
    codes: tuple[Codes, ...] = ()
    if (folder / "codes.npy").exists():  # only large shops have them
        coded = map_array(folder / "codes.npy").astype(np.uint8, copy=False)
        if len(coded) > max(len(order) - FIRST, 0):
            raise ValueError(f"models/factors has codes of {len(coded)} vectors, {len(order)} are there")
        codes = code_blocks(coded, map_array(folder / "code_values.npy").astype(np.float32, copy=False))
    system = gram + settings.regularization * np.eye(len(gram))
    inverse = np.linalg.inv(system).astype(np.float64, copy=False)
    return Factors(items, ByLength(vectors, order, lengths, codes), inverse, settings)


def _neighbours(folder: Path | None) -> Neighbours | None:
    if folder is None:
        return None
    rows = map_array(folder / "neighbours.npy").astype(np.int32, copy=False)
    return Neighbours(rows, map_array(folder / "scores.npy").astype(np.float32, copy=False))


def _complements(folder: Path | None) -> Complements | None:
    if folder is None:
        return None
    kinds, partners, best = (
        map_array(folder / f"{name}.npy").astype(np.int32, copy=False)
        for name in ("kinds", "partners", "best")
    )
    excess = map_array(folder / "excess.npy").astype(np.float32, copy=False)
    return Complements(kinds, partners, excess, best)


def _scores(folder: Path | None) -> Scores | None:
    if folder is None:
        return None
    scores = map_array(folder / "scores.npy").astype(np.float32, copy=False)
    return Scores(scores, map_array(folder / "order.npy").astype(np.int32, copy=False))


def _newest(created: npt.NDArray[np.float64]) -> Rows:
    known = np.flatnonzero(~np.isnan(created)).astype(np.int32)
    order: Rows = known[np.argsort(-created[known], kind="stable")]
    return order


class _TrendSettings(msgspec.Struct, frozen=True):
    now: float


def _trend_now(folder: Path | None) -> float | None:
    if folder is None:
        return None
    return msgspec.json.decode((folder / "model.json").read_bytes(), type=_TrendSettings).now

"""Rank features: named, pure functions of a request and its candidates, each with a default.

All are in [0, 1]. A profile weighs them by name; what it does not name weighs nothing, and what it names
and is not here is noted in the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Columns
from indexing.contracts.membership import among
from indexing.lexical.counting import codes_of
from search.models import Popularity
from search.request import ShopperAffinity
from search.understand import Wanted

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

_MONTH = 30 * 86_400.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the features look at.

    Attributes:
        rows: of the candidates.
        wanted: the query understood.
        popularity, shopper: None where there is none.
    """

    rows: Rows
    columns: Columns
    wanted: Wanted
    popularity: Popularity | None = None
    shopper: ShopperAffinity | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature; ``compute`` gives None where it has nothing to say, and the default stands."""

    name: str
    default: float
    compute: Callable[[Candidates], Floats | None]


def category_match(candidates: Candidates) -> Floats | None:
    """Greatest share, among the query's categories, of one that the product is in."""
    shares = candidates.wanted.categories
    if not shares:
        return None
    codes, places = codes_of(candidates.columns.text("category"), candidates.rows)
    keys = np.array(sorted(shares), np.int32)
    values = np.array([shares[int(key)] for key in keys], np.float32)
    at = np.minimum(np.searchsorted(keys, codes), len(keys) - 1)
    found = np.zeros(len(candidates.rows), np.float32)
    np.maximum.at(found, places, np.where(keys[at] == codes, values[at], 0.0))
    return found


def brand_match(candidates: Candidates) -> Floats | None:
    """Whether the product is of a brand that the query names."""
    if not candidates.wanted.brands:
        return None
    codes = candidates.columns.text("brand").codes[candidates.rows]
    return among(codes, np.array(candidates.wanted.brands)).astype(np.float32)


def popularity(candidates: Candidates) -> Floats | None:
    """As the build counted it; 0 for what came since."""
    return candidates.popularity.of(candidates.rows) if candidates.popularity else None


def in_stock(candidates: Candidates) -> Floats | None:
    """1 in stock."""
    return candidates.columns.numbers("in_stock")[candidates.rows].astype(np.float32)


def price_fit(candidates: Candidates) -> Floats | None:
    """Where a low price is wanted: share of the candidates that cost more."""
    if not candidates.wanted.cheap:
        return None
    prices = candidates.columns.numbers("price_minor")[candidates.rows]
    known = np.sort(prices[~np.isnan(prices)])
    if not len(known):
        return None
    dearer = len(known) - np.searchsorted(known, prices, side="right")
    return np.where(np.isnan(prices), 0.0, dearer / len(known)).astype(np.float32)


def freshness(candidates: Candidates) -> Floats | None:
    """1 for the newest candidate, half for one that came out a month before it."""
    created = candidates.columns.numbers("created_at")[candidates.rows]
    newest = np.fmax.reduce(created, initial=np.nan)  # NaN where all are
    if np.isnan(newest):
        return None
    age = newest - created
    return np.where(np.isnan(age), 0.0, np.exp2(-age / _MONTH)).astype(np.float32)


def shopper(candidates: Candidates) -> Floats | None:
    """Affinity of this shopper."""
    return candidates.shopper.scores(candidates.rows) if candidates.shopper else None


FEATURES: tuple[Feature, ...] = (
    Feature("category_match", 0.0, category_match),
    Feature("brand_match", 0.0, brand_match),
    Feature("popularity", 0.0, popularity),
    Feature("in_stock", 1.0, in_stock),
    Feature("price_fit", 0.0, price_fit),
    Feature("freshness", 0.0, freshness),
    Feature("shopper", 0.0, shopper),
)
"""Of every candidate. ``title_match`` is computed for the first of them only: see ``titles``."""

_DEFAULTS = np.array([[feature.default] for feature in FEATURES], np.float32)


def values_of(candidates: Candidates) -> Floats:
    """float32 (features, n) in [0, 1], in the order of ``FEATURES``."""
    values = np.empty((len(FEATURES), len(candidates.rows)), np.float32)
    for place, feature in enumerate(FEATURES):
        found = feature.compute(candidates)
        values[place] = feature.default if found is None else found
    np.copyto(values, _DEFAULTS, where=np.isnan(values))
    return np.minimum(np.maximum(values, 0.0, out=values), 1.0, out=values)


TITLE_MATCH = "title_match"
FEATURE_NAMES = (TITLE_MATCH, *(feature.name for feature in FEATURES))

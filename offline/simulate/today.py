"""What holds for one day of the log: what is there, what is hot, what is new, whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from offline.simulate.crowd import Crowd
from offline.simulate.draws import Bins, Floats, Rows
from offline.simulate.parameters import Parameters
from offline.simulate.shelf import Shelf

_HOT = 80
_WEEKDAYS = (0.95, 0.93, 0.95, 0.97, 1.04, 1.16, 1.12)  # Monday first
_PROMOTION, _EVE = 2.0, 0.85  # people wait for it the day before
_OFFSET_HOURS = 8  # Asia/Shanghai keeps one time all year
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Today:
    """One day.

    Attributes:
        place: of the day in the log. promotion: whether it is the promotion day.
        warmth: appeal and trend by row. hot: rows by demand, most first.
        fresh: rows of the last two weeks. there: rows launched by now.
    """

    place: int
    date: date
    promotion: bool
    bins: Bins
    warmth: Floats
    demand: Floats
    hot: Rows
    fresh: Rows
    there: Rows


def today_of(parameters: Parameters, shelf: Shelf, place: int) -> Today:
    """The day at that place of the log."""
    demand = shelf.demand(place)
    there = np.flatnonzero(shelf.shown_on(place)).astype(np.int32)
    hot = np.argsort(-demand, kind="stable")[: min(_HOT, len(there))]
    return Today(
        place=place,
        date=parameters.dates[place],
        promotion=place == parameters.promotion,
        bins=shelf.by_leaf(place),
        warmth=shelf.appeal + shelf.trend(place),
        demand=demand,
        hot=hot.astype(np.int32),
        fresh=shelf.fresh_on(place),
        there=there,
    )


def visits(
    rng: np.random.Generator, parameters: Parameters, crowd: Crowd, today: Today
) -> tuple[Rows, npt.NDArray[np.float64]]:
    """The day's sessions of people: shopper of each, and its start in seconds of the UTC day."""
    rate = parameters.behaviour.sessions_per_day * _WEEKDAYS[today.date.weekday()]
    eve = today.place + 1 == parameters.promotion
    rate *= _PROMOTION if today.promotion else _EVE if eve else 1.0
    people = len(crowd) - crowd.bots
    expected = rate * crowd.activity[:people] * (crowd.joined[:people] <= today.place)
    shoppers = np.repeat(np.arange(people, dtype=np.int32), rng.poisson(expected))
    hours = (crowd.hours[shoppers] < rng.random((len(shoppers), 1))).sum(1)
    seconds = ((hours - _OFFSET_HOURS) % 24 + rng.random(len(shoppers))) * 3600.0
    return shoppers, seconds

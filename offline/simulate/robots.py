"""Bots: hundreds of clicks at machine speed, every result in turn, never a purchase."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from offline.simulate.crowd import Crowd
from offline.simulate.draws import Rows
from offline.simulate.engine import SCENARIOS, Engine
from offline.simulate.lists import WIDTH
from offline.simulate.log import Log

_INTERVAL = 0.35
_SEARCHES = (15, 31)
_ACTIVE = 0.1
LONGEST = _SEARCHES[1] * (WIDTH + 2) * _INTERVAL


def active_bots(rng: np.random.Generator, crowd: Crowd, day: int, days: int) -> Rows:
    """Shoppers that are bots and run today; each runs on one day at least."""
    bots = np.arange(len(crowd) - crowd.bots, len(crowd), dtype=np.int32)
    own_day = (np.arange(crowd.bots) * 7 + 3) % days == day
    return np.asarray(bots[own_day | (rng.random(crowd.bots) < _ACTIVE)])


def crawl(engine: Engine, log: Log, rng: np.random.Generator, session: int, queries: int) -> None:
    """One session of one bot: random queries out of ``queries``, each result clicked in order."""
    asked = rng.integers(0, queries, int(rng.integers(*_SEARCHES))).astype(np.int32)
    answers = engine.search(asked, 0)
    lengths = (answers.rows >= 0).sum(1)
    n = len(asked)
    begins = np.concatenate([[0.0], np.cumsum((lengths + 2) * _INTERVAL)])[:-1]
    sessions = np.full(n, session, np.int32)
    numbers = log.answer(
        answers,
        session=sessions,
        at=begins,
        scenario=SCENARIOS.index("search"),
        query=asked,
        page_of=-1,
        begin=0,
        depth=lengths,
    )
    log.event("search", session=sessions, at=begins, answer=numbers, query=asked)
    log.event("impression", session=sessions, at=begins + 0.1, answer=numbers)
    answer, place = np.nonzero(answers.rows >= 0)
    at: npt.NDArray[np.float64] = begins[answer] + (place + 1) * _INTERVAL
    log.event(
        "click",
        session=sessions[answer],
        at=at,
        answer=numbers[answer],
        item=answers.rows[answer, place],
        position=place + 1,
        query=asked[answer],
    )

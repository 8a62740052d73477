"""Day after day: people, bots and refunds together, with what carries over to the next day."""

from __future__ import annotations

import numpy as np

from offline.simulate.affinity import Affinity
from offline.simulate.draws import Rows
from offline.simulate.engine import Engine, running_tastes
from offline.simulate.frames import Day, identifiers
from offline.simulate.log import EVENT, Log
from offline.simulate.orders import Refund, Till, give_back, refunds_of
from offline.simulate.parameters import Parameters
from offline.simulate.results import Results
from offline.simulate.robots import LONGEST, active_bots, crawl
from offline.simulate.today import DAY_SECONDS, today_of, visits
from offline.simulate.visit import Memory, Visit


class Recorder:
    """Records the days of a log in their order."""

    def __init__(
        self, parameters: Parameters, affinity: Affinity, partners: Rows, results: Results
    ) -> None:
        self._parameters, self._affinity = parameters, affinity
        self._partners, self._results = partners, results
        self._tastes = running_tastes(affinity.crowd.leaves)
        self._memory = Memory.of(len(affinity.crowd))
        self._refunds: list[Refund] = []

    def record(self, place: int, midnight: int) -> Day:
        """The day at that place; ``midnight`` is its begin in microseconds since 1970."""
        parameters, affinity = self._parameters, self._affinity
        rng = np.random.default_rng([parameters.seed, 101, place])
        today, log = today_of(parameters, affinity.shelf, place), Log()
        ranked = self._results.on(today, parameters.seed)
        engine = Engine(affinity, self._partners, self._tastes, today, ranked, rng)
        people, seconds = visits(rng, parameters, affinity.crowd, today)
        state = Visit(engine, self._results, self._memory, log, rng).run(people)
        orders = Till(engine, log, rng, state).settle()
        bots = active_bots(rng, affinity.crowd, place, parameters.days)
        for number in range(len(bots)):
            crawl(engine, log, rng, len(people) + number, len(self._results.rows))
        due = [refund for refund in self._refunds if refund.day == place]
        events = log.events()
        bought = events["order"][events["event"] == EVENT["purchase"]]
        share = affinity.behaviour.refunds
        self._refunds += refunds_of(rng, orders, bought, people, today=place, share=share)
        orders = give_back(log, orders, due, len(people) + len(bots))
        shoppers = np.concatenate([people, bots, np.array([refund.shopper for refund in due], np.int32)])
        # a session ends on the day it began: those that would not begin earlier
        latest = DAY_SECONDS - 5.0 - np.concatenate([state.clock, np.full(len(bots) + len(due), LONGEST)])
        begins = np.concatenate([seconds, rng.random(len(bots) + len(due)) * DAY_SECONDS])
        starts = midnight + (np.minimum(begins, latest) * 1e6).astype(np.int64)
        return Day(
            shoppers=shoppers.astype(np.int32),
            starts=starts,
            events=log.events(),
            answers=log.answers(),
            orders=orders,
            requests=identifiers(rng, log.answered),
            sessions=identifiers(rng, len(shoppers)),
        )

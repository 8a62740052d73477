"""A day's sessions, all at once: round after round, every session asks for a list and looks at it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from offline.simulate.draws import Rows, gumbel, pick_rows
from offline.simulate.engine import RECENT, SCENARIOS, Engine
from offline.simulate.log import Log
from offline.simulate.looking import Look, Looking
from offline.simulate.results import Results

_ENTRY, _NOTHING, _CLICKED, _CARTED = range(4)
# search, home, similar, bought_together, cart, trending, new, recently_viewed: by what happened before
_NEXT = np.array(
    [
        [0.48, 0.36, 0.0, 0.0, 0.0, 0.06, 0.05, 0.05],
        [0.56, 0.27, 0.0, 0.0, 0.0, 0.07, 0.06, 0.04],
        [0.30, 0.14, 0.32, 0.16, 0.0, 0.03, 0.02, 0.03],
        [0.22, 0.10, 0.10, 0.18, 0.36, 0.02, 0.01, 0.01],
    ]
)
_SEARCH, _NEW, _RECENT = (
    SCENARIOS.index("search"),
    SCENARIOS.index("new"),
    SCENARIOS.index("recently_viewed"),
)
_SECOND_PAGE = 0.15
_LONGEST = 14


@dataclass(slots=True)
class Memory:
    """What shoppers carry from one session to the next: leaf wanted, and the last products seen."""

    wanted: Rows
    recent: Rows

    @classmethod
    def of(cls, shoppers: int) -> Memory:
        return cls(np.full(shoppers, -1, np.int32), np.full((shoppers, RECENT), -1, np.int32))


@dataclass(slots=True)
class Sessions:
    """State of a day's sessions, arrays of shape (sessions,)."""

    shopper: Rows
    clock: npt.NDArray[np.float64]
    steps: Rows
    wanted: Rows
    mood: Rows
    focus: Rows
    query: Rows
    first_page: Rows
    carts: list[dict[str, npt.NDArray[np.generic]]] = field(default_factory=list)

    @classmethod
    def begin(cls, shopper: Rows, steps: Rows, wanted: Rows) -> Sessions:
        n = len(shopper)
        none = np.full(n, -1, np.int32)
        return cls(
            shopper,
            np.zeros(n),
            steps,
            wanted,
            np.full(n, _ENTRY, np.int32),
            none,
            none.copy(),
            none.copy(),
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """Runs the sessions of one day, writing to a log."""

    engine: Engine
    results: Results
    memory: Memory
    log: Log
    rng: np.random.Generator

    def run(self, shoppers: Rows) -> Sessions:
        """All sessions, to their ends; ``clock`` is then their length in seconds."""
        steps = self.rng.geometric(1 / self.engine.affinity.behaviour.steps, len(shoppers))
        state = Sessions.begin(
            shoppers, np.minimum(steps, _LONGEST).astype(np.int32), self._wanted(shoppers)
        )
        everyone = np.arange(len(shoppers), dtype=np.int32)
        entering = everyone[self.rng.random(len(shoppers)) < 0.12]
        self.log.event("login", session=entering, at=np.full(len(entering), 0.5))
        for step in range(_LONGEST):
            active = everyone[state.steps > step]
            if not active.size:
                break
            self._round(state, active)
        self.memory.wanted[shoppers] = state.wanted
        return state

    def _wanted(self, shoppers: Rows) -> Rows:
        """Half of the sessions go on with what the shopper looked for last time."""
        before = self.memory.wanted[shoppers]
        drawn = pick_rows(self.rng, np.cumsum(self.engine.affinity.crowd.leaves[shoppers], 1), 1)[:, 0]
        keep = (self.rng.random(len(shoppers)) < 0.5) & (before >= 0)
        return np.where(keep, before, drawn).astype(np.int32)

    def _round(self, state: Sessions, active: Rows) -> None:
        self._change_of_mind(state, active)
        scenario = self._scenarios(state, active)
        state.clock[active] += 2.0 + self.rng.exponential(9.0, len(active))
        for place, name in enumerate(SCENARIOS):
            some = active[scenario == place]
            if some.size:
                self._ask(state, some, name)

    def _change_of_mind(self, state: Sessions, active: Rows) -> None:
        """Who found nothing often wants something else, who found something rarely does."""
        chance = np.where(state.mood[active] == _NOTHING, 0.3, 0.1)
        chance[state.mood[active] == _ENTRY] = 0.0
        some = active[self.rng.random(len(active)) < chance]
        leaves = self.engine.affinity.crowd.leaves[state.shopper[some]]
        state.wanted[some] = pick_rows(self.rng, np.cumsum(leaves, 1), 1)[:, 0]

    def _scenarios(self, state: Sessions, active: Rows) -> Rows:
        cumulative = np.cumsum(_NEXT, 1).astype(np.float32)[state.mood[active]]
        scenario = pick_rows(self.rng, cumulative, 1)[:, 0]
        nothing_new = (scenario == _NEW) & (self.engine.today.fresh.size < 6)
        seen = (self.memory.recent[state.shopper[active]] >= 0).any(1)
        scenario[nothing_new | ((scenario == _RECENT) & ~seen)] = SCENARIOS.index("home")
        return scenario

    def _ask(self, state: Sessions, some: Rows, scenario: str) -> None:
        if scenario == "search":
            again = (state.query[some] >= 0) & (state.mood[some] == _NOTHING)
            again &= (self.rng.random(len(some)) < _SECOND_PAGE) & (state.first_page[some] >= 0)
            self._search(state, some[~again], page=0)
            self._search(state, some[again], page=1)
            return
        state.query[some] = -1
        shoppers, focus = state.shopper[some], state.focus[some]
        answers = self.engine.recommend(scenario, shoppers, focus, self.memory.recent[shoppers])
        shown = answers.filled()
        answers = answers.where(shown)
        self._look(state, Look(some[shown], scenario, answers))

    def _search(self, state: Sessions, some: Rows, *, page: int) -> None:
        if not page:
            state.query[some] = self._queries(state, some)
            some = some[state.query[some] >= 0]
        queries = state.query[some]
        answers = self.engine.search(queries, page)
        shown = answers.filled()
        answers = answers.where(shown)
        some, queries = some[shown], queries[shown]
        grades = self.engine.ranked.grade_of(queries, answers.rows)
        before = state.first_page[some] if page else None
        numbers = self._look(state, Look(some, "search", answers, queries, grades, before))
        state.first_page[some] = -1 if page else numbers

    def _queries(self, state: Sessions, some: Rows) -> Rows:
        """The best of three of the leaf wanted: who loves a brand types its name."""
        drawn = self.results.bins.draw(self.rng, np.repeat(state.wanted[some][:, None], 3, 1))
        loved = self.engine.affinity.crowd.loved[state.shopper[some]]
        own = (self.results.brand[np.maximum(drawn, 0)][:, :, None] == loved[:, None, :]).any(2)
        best = np.argmax(2.0 * own + gumbel(self.rng, drawn.shape) - 99.0 * (drawn < 0), axis=1)
        return np.asarray(np.take_along_axis(drawn, best[:, None], 1)[:, 0], np.int32)

    def _look(self, state: Sessions, seen: Look) -> Rows:
        """Show the answers, let the shoppers act, and remember what they did."""
        acts = Looking(self.engine, self.log, self.rng)(seen, state)
        mood = np.full(len(seen.sessions), _NOTHING, np.int32)
        mood[acts.clicked >= 0] = _CLICKED
        mood[acts.carted >= 0] = _CARTED
        state.mood[seen.sessions] = mood
        last = np.where(acts.carted >= 0, acts.carted, acts.clicked)
        found = last >= 0
        state.focus[seen.sessions[found]] = last[found]
        self._remember(state.shopper[seen.sessions[found]], last[found])
        return acts.answers

    def _remember(self, shoppers: Rows, rows: Rows) -> None:
        recent = self.memory.recent
        older = recent[shoppers]
        older[older == rows[:, None]] = -1
        recent[shoppers] = np.concatenate([rows[:, None], older[:, : RECENT - 1]], axis=1)

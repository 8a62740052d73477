"""What shoppers do with a list: see it, click, view, put in the cart, wish for, dislike.

A slot is on the screen down to the depth the shopper scrolls to, which has nothing to do with what the
list holds. A slot on the screen at position k is looked at with probability ``1 / (1 + b (k - 1))``, and
what is looked at is clicked with a probability of its own: a position-based click model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from offline.simulate.draws import Floats, Rows
from offline.simulate.engine import SCENARIOS, Engine
from offline.simulate.lists import WIDTH, Answers
from offline.simulate.log import Log

if TYPE_CHECKING:
    from offline.simulate.visit import Sessions

# the logit of a click on a product that is liked neither more nor less than others
CLICK = {
    "search": -2.5, "home": -3.7, "similar": -3.5, "bought_together": -3.7, "cart": -3.7,
    "trending": -3.4, "new": -3.3, "recently_viewed": -3.0,
}  # fmt: skip
_GRADE = np.array([-3.0, -1.3, 0.0], np.float32)
_WANTED, _PARTNER = 0.8, 1.8
CART, LIKED = -2.6, 0.9  # the logit of a cart on the product's page, and what liking adds
_WISH, _DISLIKE = 0.035, 0.012


@dataclass(frozen=True, slots=True)
class Look:
    """Lists before the eyes of sessions; the last three for search only."""

    sessions: Rows
    scenario: str
    answers: Answers
    queries: Rows | None = None
    grades: npt.NDArray[np.int8] | None = None
    page_of: Rows | None = None

    @property
    def begin(self) -> int:
        """Slots of the pages before."""
        return 0 if self.page_of is None else WIDTH


@dataclass(frozen=True, slots=True)
class Acts:
    """Numbers of the answers; the last product clicked and put in the cart, -1 for none."""

    answers: Rows
    clicked: Rows
    carted: Rows


def examination(positions: npt.NDArray[np.integer], slope: float) -> Floats:
    """Probability that a slot on the screen is looked at, by 1-based position."""
    return np.asarray(1 / (1 + slope * (positions - 1)), np.float32)


def chance(logits: Floats) -> Floats:
    """The logistic function."""
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


@dataclass(frozen=True, slots=True)
class Looking:
    """Shoppers before lists, on one day."""

    engine: Engine
    log: Log
    rng: np.random.Generator

    def __call__(self, seen: Look, state: Sessions) -> Acts:
        """Log the answers and what follows; moves the clocks of the sessions."""
        rng, behaviour = self.rng, self.engine.affinity.behaviour
        sessions, rows = seen.sessions, seen.answers.rows
        at, n = state.clock[sessions], len(sessions)
        depth = np.minimum((rows >= 0).sum(1), 3 + rng.geometric(1 / behaviour.depth, n)).astype(np.int32)
        queries = np.full(n, -1, np.int32) if seen.queries is None else seen.queries
        numbers = self.log.answer(
            seen.answers,
            session=sessions,
            at=at,
            scenario=SCENARIOS.index(seen.scenario),
            query=queries,
            page_of=-1 if seen.page_of is None else seen.page_of,
            begin=seen.begin,
            depth=depth,
        )
        if seen.scenario == "search" and seen.page_of is None:
            self.log.event("search", session=sessions, at=at, answer=numbers, query=queries)
        self.log.event("impression", session=sessions, at=at + 0.4, answer=numbers)
        positions = seen.begin + np.arange(1, WIDTH + 1)
        looked = (np.arange(WIDTH) < depth[:, None]) & (
            rng.random(rows.shape) < examination(positions, behaviour.examination)
        )
        clicked = looked & (rng.random(rows.shape) < chance(self._attraction(seen, state)))
        if seen.scenario != "search":
            self._dislike(seen, numbers, looked & ~clicked, at)
        return self._click(seen, state, numbers, clicked)

    def _attraction(self, seen: Look, state: Sessions) -> Floats:
        """Logit of the click of one who looks, shape of the slots."""
        engine, rows, shoppers = self.engine, seen.answers.rows, state.shopper[seen.sessions]
        total = CLICK[seen.scenario] + engine.affinity.liking(shoppers, rows, engine.today.warmth)
        if seen.grades is not None:
            return np.asarray(total + _GRADE[seen.grades], np.float32)
        wanted = engine.affinity.shelf.leaf[np.maximum(rows, 0)] == state.wanted[seen.sessions][:, None]
        total += engine.affinity.leaf(shoppers, rows) + _WANTED * wanted
        if seen.scenario in ("bought_together", "cart"):
            partners = engine.partners[state.focus[seen.sessions]]
            total += _PARTNER * (rows[:, :, None] == partners[:, None, :]).any(2)
        return total

    def _dislike(
        self, seen: Look, numbers: Rows, passed: npt.NDArray[np.bool_], at: npt.NDArray[np.float64]
    ) -> None:
        """On recommended lists a few say of a product that they looked at: not for me."""
        which = np.flatnonzero((self.rng.random(len(passed)) < _DISLIKE) & passed.any(1))
        place = np.argmax(passed[which], axis=1)
        self.log.event(
            "dislike",
            session=seen.sessions[which],
            at=at[which] + 5.0,
            answer=numbers[which],
            item=seen.answers.rows[which, place],
            position=place + 1,
        )

    def _click(self, seen: Look, state: Sessions, numbers: Rows, clicked: npt.NDArray[np.bool_]) -> Acts:
        """Clicks in the order of their positions, and a product page for each."""
        answer, place = np.nonzero(clicked)
        session, row = seen.sessions[answer], seen.answers.rows[answer, place]
        spent = self.rng.exponential(8.0, len(answer)) + 4.0
        # a click comes after the pages of the clicks before it
        before = np.cumsum(spent) - spent
        counts = clicked.sum(1)
        first = np.concatenate([before, [0.0]])[np.cumsum(counts) - counts]
        at = state.clock[session] + 1.5 + 0.6 * place + before - np.repeat(first, counts)
        common = {"session": session, "answer": numbers[answer], "item": row}
        query = -1 if seen.queries is None else seen.queries[answer]
        self.log.event("click", **common, at=at, position=seen.begin + place + 1, query=query)
        self.log.event("view_item", **common, at=at + 0.3)
        taken = self._product_page(state, common, at, spent)
        state.carts.append({"session": session[taken], "row": row[taken]})
        state.clock[seen.sessions] += 3.0 + np.bincount(answer, spent + 1.0, minlength=len(counts))
        clicked_last, carted_last = np.full(len(counts), -1, np.int32), np.full(len(counts), -1, np.int32)
        clicked_last[answer] = row  # of several the last one stays
        carted_last[answer[taken]] = row[taken]
        return Acts(numbers, clicked_last, carted_last)

    def _product_page(
        self,
        state: Sessions,
        common: dict[str, Rows],
        at: npt.NDArray[np.float64],
        spent: npt.NDArray[np.float64],
    ) -> npt.NDArray[np.bool_]:
        """Put in the cart what is liked, wish for a little of the rest; returns what is in the cart."""
        row, engine = common["item"], self.engine
        shoppers = state.shopper[common["session"]]
        liking = engine.affinity.liking(shoppers, row[:, None], engine.today.warmth)[:, 0]
        taken = self.rng.random(len(row)) < chance(CART + LIKED * liking + 0.5 * engine.today.promotion)
        taken &= engine.affinity.shelf.sellable[row]
        wished = ~taken & (self.rng.random(len(row)) < _WISH)
        for name, some, share in (("add_to_wishlist", wished, 0.6), ("add_to_cart", taken, 0.35)):
            columns = {key: column[some] for key, column in common.items()}
            self.log.event(name, **columns, at=at[some] + 0.5 + share * spent[some])
        return np.asarray(taken)

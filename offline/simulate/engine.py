"""The simulated shop's engine: which list answers which scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from offline.simulate.affinity import Affinity
from offline.simulate.draws import Floats, Rows, gumbel, pick_rows
from offline.simulate.lists import SOURCES, WIDTH, Answers, Block, explore, interleave, shuffle
from offline.simulate.results import Ranked
from offline.simulate.shelf import DIMENSIONS
from offline.simulate.today import Today
from offline.simulate.tree import LEAVES

SCENARIOS = (
    "search", "home", "similar", "bought_together", "cart", "trending", "new", "recently_viewed",
)  # fmt: skip
RECENT = 10


@dataclass(frozen=True, slots=True)
class Engine:
    """Answers the requests of one day. ``tastes`` is the running sum of each shopper's leaf shares."""

    affinity: Affinity
    partners: Rows
    tastes: Floats
    today: Today
    ranked: Ranked
    rng: np.random.Generator

    def search(self, queries: Rows, page: int) -> Answers:
        """The first or second twenty; first pages are sometimes shuffled."""
        begin = WIDTH * page
        rows = self.ranked.rows[queries, begin : begin + WIDTH]
        vectors = self.ranked.vectors[queries, begin : begin + WIDTH]
        scores = self.ranked.scores[queries, begin : begin + WIDTH]
        sources = np.where(vectors, SOURCES.index("vectors"), SOURCES.index("words")).astype(np.int8)
        scores = np.where(rows >= 0, scores, 0).astype(np.float32)
        answers = Answers(rows, sources, scores, np.ones(rows.shape, np.float32))
        return answers if page else shuffle(self.rng, answers, self.affinity.behaviour.shuffled)

    def recommend(self, scenario: str, shoppers: Rows, focus: Rows, recent: Rows) -> Answers:
        """The list of a scenario; ``focus`` is the product looked at or put in the cart, -1 without."""
        if scenario == "recently_viewed":
            return interleave(self.rng, [Block(recent, "recent", 1.0)], RECENT)
        base = self._base(scenario, shoppers, focus)
        return explore(self.rng, base, self.today.there, self.affinity.behaviour.explored)

    def _base(self, scenario: str, shoppers: Rows, focus: Rows) -> Answers:
        match scenario:
            case "home":
                return self._home(shoppers, focus)
            case "similar":
                return self._similar(focus)
            case "bought_together":
                return self._together(shoppers, focus)
            case "cart":
                return self._cart(shoppers, focus)
            case "trending":
                return interleave(self.rng, [Block(self._hot(len(shoppers), 16), "trend", 0.0)], 12)
            case _:
                return interleave(self.rng, [Block(self._fresh(shoppers, 16), "fresh", 0.0)], 12)

    def _home(self, shoppers: Rows, focus: Rows) -> Answers:
        leaves = pick_rows(self.rng, self.tastes[shoppers], 9)
        near = np.where(focus >= 0, self.affinity.shelf.leaf[focus], leaves[:, 0])
        return interleave(
            self.rng,
            [
                Block(self._liked(shoppers, leaves[:, :6], 6), "factors", 0.5),
                Block(self._liked(shoppers, np.repeat(near[:, None], 3, 1), 3), "item_item", 0.4),
                Block(self._liked(shoppers, leaves[:, 7:], 2), "content", 0.2),
                Block(self._hot(len(shoppers), 3), "trend", 0.2),
                Block(self._fresh(shoppers, 2), "fresh", 0.0),
            ],
            12,
        )

    def _similar(self, focus: Rows) -> Answers:
        other = self.today.bins.draw(self.rng, np.repeat(self.affinity.shelf.leaf[focus][:, None], 36, 1))
        other = np.where(other == focus[:, None], -1, other)
        near = self._nearness(focus, other) - 9.0 * (other < 0)
        order = np.argsort(-near, axis=1, kind="stable")
        ordered = np.take_along_axis(other, order, 1)
        return interleave(
            self.rng,
            [Block(ordered[:, :9], "content", 0.3), Block(ordered[:, 9:18], "item_item", 0.0)],
            10,
        )

    def _together(self, shoppers: Rows, focus: Rows) -> Answers:
        leaf = self.affinity.shelf.leaf[focus]
        others = self._liked(shoppers, np.repeat(leaf[:, None], 4, 1), 3)
        others = np.where(others == focus[:, None], -1, others)
        return interleave(
            self.rng,
            [Block(self._partners(focus), "co_purchase", 1.0), Block(others, "content", 0.0)],
            6,
        )

    def _cart(self, shoppers: Rows, focus: Rows) -> Answers:
        leaves = pick_rows(self.rng, self.tastes[shoppers], 4)
        blocks = [
            Block(self._partners(focus), "co_purchase", 1.0),
            Block(self._liked(shoppers, leaves, 3), "item_item", 0.2),
        ]
        return interleave(self.rng, blocks, 6)

    def _partners(self, focus: Rows) -> Rows:
        """Partners that the shop has by now."""
        partners = self.partners[focus]
        return np.where(self.today.demand[np.maximum(partners, 0)] > 0, partners, -1)

    def _liked(self, shoppers: Rows, leaves: Rows, tries: int) -> Rows:
        """For each leaf the one of some drawn products that the engine thinks the shopper likes most."""
        shape = (*leaves.shape, tries)
        drawn = self.today.bins.draw(self.rng, np.broadcast_to(leaves[:, :, None], shape))
        flat = drawn.reshape(len(drawn), -1)
        liking = self.affinity.liking(shoppers, flat, self.today.warmth).reshape(shape)
        best = np.argmax(liking + gumbel(self.rng, shape) - 99.0 * (drawn < 0), axis=2)
        return np.take_along_axis(drawn, best[:, :, None], 2)[:, :, 0]

    def _hot(self, n: int, count: int) -> Rows:
        hot = self.today.hot
        if not hot.size:
            return np.full((n, count), -1, np.int32)
        keys = np.log(self.today.demand[hot]) + gumbel(self.rng, (n, len(hot)))
        return hot[np.argsort(-keys, axis=1, kind="stable")[:, :count]]

    def _fresh(self, shoppers: Rows, count: int) -> Rows:
        fresh = self.today.fresh
        if not fresh.size:
            return np.full((len(shoppers), count), -1, np.int32)
        drawn = fresh[self.rng.integers(0, len(fresh), (len(shoppers), 3 * count))]
        liking = self.affinity.leaf(shoppers, drawn) + gumbel(self.rng, drawn.shape)
        order = np.argsort(-liking, axis=1, kind="stable")[:, :count]
        return np.take_along_axis(drawn, order, 1)

    def _nearness(self, focus: Rows, others: Rows) -> Floats:
        """By style, price band and brand, as a content model would have it; shape of ``others``."""
        shelf = self.affinity.shelf
        others = np.maximum(others, 0)
        style = np.einsum("nd,nmd->nm", shelf.style[focus], shelf.style[others]) / DIMENSIONS
        apart = np.abs(shelf.band[others] - shelf.band[focus][:, None])
        same = shelf.brand[others] == shelf.brand[focus][:, None]
        return np.asarray(style - 0.5 * apart + 0.5 * same, np.float32)


def running_tastes(leaves: Floats) -> Floats:
    """What :class:`Engine` draws leaves from. The engine does not know tastes exactly: one part in five
    is the average shopper's."""
    assert leaves.shape[1] == len(LEAVES)
    known = 0.8 * leaves + 0.2 * leaves.mean(0)
    return np.cumsum(known, axis=1, dtype=np.float32)

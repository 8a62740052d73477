"""Carts become orders: something is added, something taken out, some carts are left, some orders return."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offline.simulate.draws import Rows
from offline.simulate.engine import Engine
from offline.simulate.log import Log
from offline.simulate.tree import LEAVES, complements
from offline.simulate.visit import Sessions

_REMOVED, _ABANDONED_LATE = 0.1, 0.15
_SEVERAL = frozenset({"食品生鲜", "宠物生活", "图书文具"})  # departments where people take more than one


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders of a day: lines of order i are ``rows[begin[i]:begin[i + 1]]``.

    Attributes:
        ids: 32 hexadecimal digits. session: of each order, in the day's sessions.
    """

    ids: list[str]
    session: Rows
    begin: npt.NDArray[np.int64]
    rows: Rows
    quantities: Rows

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Refund:
    """An order that comes back on a later day."""

    day: int
    shopper: int
    order_id: str
    rows: Rows
    quantities: Rows


@dataclass(frozen=True, slots=True)
class Till:
    """The end of a day's sessions."""

    engine: Engine
    log: Log
    rng: np.random.Generator
    state: Sessions

    def settle(self) -> Orders:
        """Log what happens to the carts; moves the clocks of the sessions."""
        log, rng, clock = self.log, self.rng, self.state.clock
        session, row = self._without_removed(*self._with_complements(*self._carts()))
        behaviour, owners = self.engine.affinity.behaviour, np.unique(session)
        buys = behaviour.buys_promotion if self.engine.today.promotion else behaviour.buys
        begun = owners[rng.random(len(owners)) < buys / (1 - _ABANDONED_LATE)]
        rows = row[np.isin(session, begun)]
        sizes = np.unique(session[np.isin(session, begun)], return_counts=True)[1]
        orders = Orders(
            ids=[rng.bytes(16).hex() for _ in begun],
            session=begun.astype(np.int32),
            begin=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            rows=rows,
            quantities=_quantities(rng, self.engine.affinity.shelf.leaf[rows]),
        )
        places = np.arange(len(begun))
        log.event("begin_checkout", session=begun, at=clock[begun] + 8.0, order=places)
        bought = rng.random(len(begun)) >= _ABANDONED_LATE
        log.event("purchase", session=begun[bought], at=clock[begun[bought]] + 45.0, order=places[bought])
        clock[begun] += 60.0
        return orders

    def _carts(self) -> tuple[Rows, Rows]:
        parts = self.state.carts
        none = [np.empty(0, np.int32)]
        session = np.concatenate([part["session"] for part in parts] or none)
        row = np.concatenate([part["row"] for part in parts] or none)
        return session.astype(np.int32), row.astype(np.int32)

    def _with_complements(self, session: Rows, row: Rows) -> tuple[Rows, Rows]:
        """Some add what goes with a product, from memory rather than from a list; sorted, pairs once."""
        engine, rng, clock = self.engine, self.rng, self.state.clock
        behaviour, shelf = engine.affinity.behaviour, engine.affinity.shelf
        some = (rng.random(len(row)) < behaviour.complement) & (engine.partners[row, 0] >= 0)
        own = _one_of(rng, engine.partners[row[some]])
        other = engine.today.bins.draw(rng, _complement_leaves(rng, shelf.leaf[row[some]]))
        added = np.where((rng.random(len(own)) < behaviour.planted) | (other < 0), own, other)
        good = shelf.sellable[added] & (engine.today.demand[added] > 0)
        adders = session[some][good]
        self.log.event("add_to_cart", session=adders, at=clock[adders] + 2.0, item=added[good])
        clock[np.unique(adders)] += 5.0
        pairs = np.stack([np.concatenate([session, adders]), np.concatenate([row, added[good]])], axis=1)
        pairs = np.unique(pairs, axis=0).astype(np.int32)
        return pairs[:, 0], pairs[:, 1]

    def _without_removed(self, session: Rows, row: Rows) -> tuple[Rows, Rows]:
        gone = self.rng.random(len(row)) < _REMOVED
        at = self.state.clock[session[gone]] + 4.0
        self.log.event("remove_from_cart", session=session[gone], at=at, item=row[gone])
        return session[~gone], row[~gone]


def _one_of(rng: np.random.Generator, partners: Rows) -> Rows:
    """One of each row's partners; every row has one at least, and no gaps."""
    counts = (partners >= 0).sum(1)
    chosen = (rng.random(len(partners)) * counts).astype(np.int64)
    return np.asarray(partners[np.arange(len(partners)), chosen])


def _complement_leaves(rng: np.random.Generator, leaves: Rows) -> Rows:
    """A random leaf that goes with each; its own where none does."""
    goes_with: dict[int, list[int]] = {}
    for leaf, other in complements():
        goes_with.setdefault(leaf, []).append(other)
    # 12 places hold one, two, three or four leaves equally often
    table = np.array([(goes_with.get(leaf, [leaf]) * 12)[:12] for leaf in range(len(LEAVES))], np.int32)
    return np.asarray(table[leaves, rng.integers(0, 12, len(leaves))])


def _quantities(rng: np.random.Generator, leaves: Rows) -> Rows:
    several = np.array([leaf.path[0] in _SEVERAL for leaf in LEAVES])[leaves]
    return np.where(several, np.minimum(rng.geometric(0.6, len(leaves)), 5), 1).astype(np.int32)


def refunds_of(
    rng: np.random.Generator, orders: Orders, bought: Rows, shoppers: Rows, *, today: int, share: float
) -> list[Refund]:
    """Which of the orders bought come back, one to six days later; one product, or all."""
    out = []
    for order in bought[rng.random(len(bought)) < share]:
        lines = slice(int(orders.begin[order]), int(orders.begin[order + 1]))
        if rng.random() < 0.5:
            lines = slice(lines.start, lines.start + 1)
        shopper = int(shoppers[orders.session[order]])
        later = today + int(rng.integers(1, 7))
        out.append(Refund(later, shopper, orders.ids[order], orders.rows[lines], orders.quantities[lines]))
    return out


def give_back(log: Log, orders: Orders, due: list[Refund], first_session: int) -> Orders:
    """Log the refunds that are due, each in a session of its own from ``first_session`` on."""
    sessions = np.arange(first_session, first_session + len(due), dtype=np.int32)
    log.event("refund", session=sessions, at=np.zeros(len(due)), order=len(orders) + np.arange(len(due)))
    sizes = np.array([len(refund.rows) for refund in due], np.int64)
    return Orders(
        ids=orders.ids + [refund.order_id for refund in due],
        session=np.concatenate([orders.session, sessions]),
        begin=np.concatenate([orders.begin, orders.begin[-1] + np.cumsum(sizes)]),
        rows=np.concatenate([orders.rows, *(refund.rows for refund in due)]),
        quantities=np.concatenate([orders.quantities, *(refund.quantities for refund in due)]),
    )

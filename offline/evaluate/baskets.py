"""Online Retail: the next basket on a time split, and what is bought together.

Everything is learned from the invoices before the last thirty days. Then, for every customer who was there
before, the products of the first invoice after that they had never bought are sought among twenty; and for
every later invoice the rest of it is sought from one of its products, drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np

from indexing.contracts.errors import InputError
from indexing.contracts.events import Event
from offline.evaluate.intervals import Estimate, estimate
from offline.evaluate.logs import Log
from offline.evaluate.metrics import ndcg, recall, success
from offline.evaluate.ranking_models import Scorer, factorisation, item_item, popularity, strengths, top
from offline.importers.online_retail import OnlineRetail
from offline.importers.rows import read_rows
from offline.jobs.cooccurrence import order_neighbours, session_neighbours
from offline.jobs.interactions import CODES, MICROSECONDS

K, TOGETHER = 20, 10
HELD_OUT = timedelta(days=30)
Progress = Callable[[str, int, int], None]


class BasketScore(msgspec.Struct, frozen=True):
    """One model."""

    model: str
    hit_rate: Estimate
    recall: Estimate
    ndcg: Estimate


class Baskets(msgspec.Struct, frozen=True):
    """Next baskets at twenty places, companions of a product at ten.

    Attributes:
        again: share of the products of the next baskets that the customer had bought before.
    """

    split: str
    invoices: int
    dropped: int
    customers: int
    again: float
    next_basket: list[BasketScore]
    orders: int
    together: list[BasketScore]


@dataclass(frozen=True, slots=True)
class _Invoice:
    """Codes of a customer and of different products."""

    at: datetime
    customer: int
    products: tuple[int, ...]


def baskets(path: Path, *, seed: int = 1, progress: Progress) -> Baskets:
    """Measure on the invoices in a file.

    Raises:
        InputError: it cannot be read, or holds no invoice on one side of the split.
    """
    invoices, customers, products, dropped = _read(path)
    if not invoices:
        raise InputError(f"{path.name} holds no sale", field="path", code="empty")
    split = invoices[-1].at - HELD_OUT
    past, later = [i for i in invoices if i.at < split], [i for i in invoices if i.at >= split]
    if not past:
        raise InputError(f"{path.name} is no longer than what is held out", field="path", code="empty")
    log = _log(past, customers, products)
    progress("Next baskets", 0, 2)
    following, asked, again = _next_baskets(log, later)
    progress("Next baskets", 1, 2)
    together, orders = _together(log, later, seed)
    progress("Next baskets", 2, 2)
    return Baskets(split.isoformat(), len(invoices), dropped, asked, again, following, orders, together)


def _read(path: Path) -> tuple[list[_Invoice], int, int, int]:
    """Sales in time, with the numbers of customers, of products, and of rows dropped."""
    data, dropped = OnlineRetail(), 0
    for _, row in read_rows(path):
        try:
            if isinstance(row, InputError):
                raise row
            data.add(row)
        except InputError:
            dropped += 1
    sales: list[Event] = [one for one in data.events() if one.event == "purchase"]
    people = {name: code for code, name in enumerate(sorted({one.client_id or "" for one in sales}))}
    codes = {item.item_id: code for code, item in enumerate(data.items())}
    invoices = [
        _Invoice(
            one.timestamp,
            people[one.client_id or ""],
            tuple(dict.fromkeys(codes[line.item_id] for line in one.items)),
        )
        for one in sales
    ]
    return sorted(invoices, key=lambda one: one.at), len(people), len(codes), dropped


def _log(past: Sequence[_Invoice], customers: int, products: int) -> Log:
    lengths = [len(one.products) for one in past]
    return Log(
        shopper=np.repeat(np.array([one.customer for one in past], np.int32), lengths),
        row=np.array([row for one in past for row in one.products], np.int32),
        event=np.full(sum(lengths), CODES["purchase"], np.uint8),
        time=np.repeat(
            np.array([int(one.at.timestamp()) * MICROSECONDS for one in past], np.int64), lengths
        ),
        order=np.repeat(np.arange(len(past), dtype=np.int32), lengths),
        shoppers=customers,
        rows=products,
    )


def _next_baskets(log: Log, later: Sequence[_Invoice]) -> tuple[list[BasketScore], int, float]:
    known = strengths(log)
    first: dict[int, _Invoice] = {}
    for invoice in later:
        if known.indptr[invoice.customer] < known.indptr[invoice.customer + 1]:
            first.setdefault(invoice.customer, invoice)
    bought = {
        customer: {row for row in invoice.products if known[customer, row] == 0}
        for customer, invoice in first.items()
    }
    asked = np.array(sorted(customer for customer, new in bought.items() if new), np.int32)
    every = sum(len(invoice.products) for invoice in first.values())
    makers: dict[str, Callable[[Log], Scorer]] = {
        "popularity": popularity, "item-item": item_item, "factorisation": factorisation,
    }  # fmt: skip
    scores = [
        _score(name, [(found, bought[who]) for who, found in top(maker(log), asked, known, K)], K)
        for name, maker in makers.items()
    ]
    again = 1 - sum(map(len, bought.values())) / max(every, 1)
    return scores, len(asked), round(again, 4)


def _score(name: str, cases: Sequence[tuple[Sequence[int], set[int]]], k: int) -> BasketScore:
    values = np.array([[metric(*case, k) for metric in (success, recall, ndcg)] for case in cases]).T
    return BasketScore(name, *(estimate(value) for value in values))


def _together(log: Log, later: Sequence[_Invoice], seed: int) -> tuple[list[BasketScore], int]:
    rng = np.random.default_rng(seed)
    sold = np.bincount(log.row, minlength=log.rows)
    cases: list[tuple[int, set[int]]] = []
    for invoice in later:
        if len(invoice.products) > 1:
            given = invoice.products[int(rng.integers(len(invoice.products)))]
            cases.append((given, set(invoice.products) - {given}))
    found, best = log.interactions(), np.argsort(-sold, kind="stable").tolist()
    with TemporaryDirectory() as scratch:
        order_neighbours(found, Path(scratch) / "co_purchase")
        session_neighbours(found, Path(scratch) / "item_item")
        lists = {
            name: np.load(Path(scratch) / name / "neighbours.npy") for name in ("co_purchase", "item_item")
        }
    answers: dict[str, Callable[[int], list[int]]] = {
        "best sellers": lambda given: [row for row in best[: TOGETHER + 1] if row != given],
        "item-item": lambda given: _known(lists["item_item"][given]),
        "co-purchase": lambda given: _known(lists["co_purchase"][given]),
    }
    scores = [
        _score(name, [(answer(given), rest) for given, rest in cases], TOGETHER)
        for name, answer in answers.items()
    ]
    return scores, len(cases)


def _known(rows: np.ndarray) -> list[int]:
    found: list[int] = rows[rows >= 0].tolist()
    return found[:TOGETHER]

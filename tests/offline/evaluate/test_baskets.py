"""Invoices: the split in time, what is new to a customer, and what stands beside a product."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from indexing.contracts.errors import InputError
from offline.evaluate.baskets import baskets

DATA = Path(__file__).parents[4] / "shared" / "data" / "baskets" / "online-retail.csv.gz"
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that is not shown."""


def invoices(path: Path) -> Path:
    """Products 10000 and 10001 always go together, as do 10002 and 10003, and so on to 10009; every
    customer buys a pair in March, and the pair and the next one in May."""
    rng = np.random.default_rng(1)
    lines, number = [], 0
    for month in (3, 5):
        for customer in range(60):
            number += 1
            pair = 2 * (customer % 5)
            sold = [pair, pair + 1] if month == 3 else [pair, pair + 1, (pair + 2) % 10, (pair + 3) % 10]
            at = datetime(2011, month, 20) + timedelta(minutes=int(rng.integers(600)))  # noqa: DTZ001
            lines += [f"{number},{10000 + code},THING {code},1,{at},1.5,{customer},UK\n" for code in sold]
    lines.append("999,POST,POSTAGE,1,2011-05-21 10:00:00,1.5,1,UK\n")
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


def test_pairs_are_found_and_only_what_is_new_is_sought(tmp_path: Path) -> None:
    """Half of the next basket was bought before; companions are exact for what always goes together."""
    found = baskets(invoices(tmp_path / "sales.csv"), progress=nothing)
    assert (found.invoices, found.dropped, found.customers, found.orders) == (120, 1, 60, 60)
    assert found.again == 0.5
    together = {one.model: one for one in found.together}
    # of the three others in a basket, co-purchase knows the one that was sold with it in March
    assert together["co-purchase"].hit_rate.mean == 1
    assert together["co-purchase"].recall.mean == pytest.approx(1 / 3, abs=1e-6)
    assert together["best sellers"].recall.mean == 1  # ten products, all of them on the list
    assert {one.hit_rate.cases for one in found.next_basket} == {60}


def test_a_file_without_two_sides_is_refused(tmp_path: Path) -> None:
    """No sale at all, or none before the split."""
    path = tmp_path / "sales.csv"
    path.write_text(HEAD, encoding="utf-8")
    with pytest.raises(InputError, match="no sale"):
        baskets(path, progress=nothing)
    path.write_text(HEAD + "1,10000,A,1,2011-05-20 10:00:00,1.5,1,UK\n", encoding="utf-8")
    with pytest.raises(InputError, match="no longer"):
        baskets(path, progress=nothing)


@pytest.mark.slow
def test_online_retail_beats_what_sells_best() -> None:
    """By intervals that do not touch, for next baskets and for companions."""
    if not DATA.exists():
        pytest.skip(f"no invoices at {DATA}")
    found = baskets(DATA, progress=nothing)
    following = {one.model: one for one in found.next_basket}
    together = {one.model: one for one in found.together}
    assert found.customers > 1_000
    for name in ("item-item", "factorisation"):
        assert following[name].ndcg.low > following["popularity"].ndcg.high
    assert together["co-purchase"].ndcg.low > together["best sellers"].ndcg.high
    assert together["co-purchase"].hit_rate.mean > 0.6

"""Public splits: the models of the shop by the protocol of the published tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexing.contracts.errors import InputError
from offline.evaluate.collaborative import collaborative, log_of
from offline.evaluate.held_out import held_out
from offline.evaluate.ranking_models import factorisation, item_item, popularity, strengths, top
from offline.importers.action_log import RETAILROCKET

DATA = Path(__file__).parents[4] / "shared" / "data"


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that is not shown."""


def camps(users: int = 120, products: int = 20, seed: int = 1) -> dict[int, list[int]]:
    """Two kinds of people, each with half of the products; everyone has eight of their own half."""
    rng = np.random.default_rng(seed)
    half = products // 2
    return {
        user: sorted((rng.choice(half, 8, replace=False) + half * (user % 2)).tolist())
        for user in range(users)
    }


def test_models_stay_in_their_camp_and_hide_what_is_known() -> None:
    """Of the ten products of a half eight are known: the two others come first, and never one of these."""
    lists = camps()
    log = log_of(lists, products=20)
    people = np.arange(120, dtype=np.int32)
    for maker in (item_item, factorisation):
        for user, found in top(maker(log), people, strengths(log), 2):
            half = set(range(10)) if user % 2 == 0 else set(range(10, 20))
            assert set(found) == half - set(lists[user]), maker.__name__


def test_popularity_counts_shoppers_and_breaks_ties_by_row() -> None:
    """The same for everyone, without what each has."""
    log = log_of({0: [3, 1], 1: [3], 2: [2]}, products=5)
    found = dict(top(popularity(log), np.array([0, 2], np.int32), strengths(log), 3))
    assert found == {0: [2, 0, 4], 2: [3, 1, 0]}


def test_a_split_is_measured_by_its_own_test_lists(tmp_path: Path) -> None:
    """With the two products of their half held out, everybody's recall is full."""
    lists = camps()
    halves = {user: set(range(10)) if user % 2 == 0 else set(range(10, 20)) for user in lists}
    for name, chosen in (("train", lists), ("test", {u: sorted(halves[u] - set(lists[u])) for u in lists})):
        lines = [" ".join(map(str, (user, *items))) for user, items in chosen.items()]
        (tmp_path / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
    found = collaborative(tmp_path, progress=nothing)
    by_name = {one.model: one for one in found.models}
    assert (found.shoppers, found.products, found.cells) == (120, 20, 960)
    assert by_name["factorisation"].ndcg.mean == by_name["item-item"].ndcg.mean == 1
    assert by_name["popularity"].ndcg.mean < 1
    assert found.published == {}
    (tmp_path / "test.txt").write_text("0 x\n", encoding="utf-8")
    with pytest.raises(InputError, match="whole numbers"):
        collaborative(tmp_path, progress=nothing)


def test_what_carts_add_is_told(tmp_path: Path) -> None:
    """Carts say what is bought next, purchases alone do not: the step that adds them shows it."""
    rng = np.random.default_rng(5)
    rows, held = [], []
    for user in range(150):
        camp = user % 2
        rows.append((user, int(rng.integers(0, 5)) + 50, "transaction"))
        rows.append((user, int(rng.integers(5, 10)) + 50, "transaction"))
        rows += [(user, int(item) + 10 * camp, "addtocart") for item in rng.choice(10, 6, replace=False)]
        held.append((user, int(rng.integers(0, 10)) + 10 * camp))
    lines = [f"{1_430_000_000 + 60 * n},{u},{i},{e}" for n, (u, i, e) in enumerate(rows)]
    log = tmp_path / "log.csv"
    log.write_text("\n".join(["timestamp,user_id,item_id,event", *lines, "bad,1,1,view"]), encoding="utf-8")
    kept = tmp_path / "held.csv"
    kept.write_text("\n".join(["user_id,item_id", *(f"{u},{i}" for u, i in held)]), encoding="utf-8")
    found = held_out(log, kept, RETAILROCKET, progress=nothing)
    assert (found.shoppers, found.products, found.events, found.dropped) == (150, 30, len(rows), 1)
    assert 0.4 < found.touched < 0.8  # six of ten are in the cart
    steps = {(one.model, one.events[-1]): one for one in found.steps}
    assert steps["item-item", "add_to_cart"].adds.above
    assert steps["factorisation", "add_to_cart"].adds.above
    assert steps["item-item", "purchase"].adds is None
    assert steps["item-item", "purchase"].new.cases == round(150 * (1 - found.touched))
    kept.write_text("user_id,item_id\nnobody,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="no shopper"):
        held_out(log, kept, RETAILROCKET, progress=nothing)


@pytest.mark.slow
def test_movielens_is_as_good_as_told() -> None:
    """Floors just under the figures in the guide."""
    if not (DATA / "cf" / "movielens-1m").is_dir():
        pytest.skip(f"no split at {DATA / 'cf' / 'movielens-1m'}")
    found = collaborative(DATA / "cf" / "movielens-1m", progress=nothing)
    by_name = {one.model: one for one in found.models}
    assert (found.shoppers, found.products, found.cells) == (6_022, 3_043, 796_244)
    assert by_name["factorisation"].recall.mean > 0.25
    assert by_name["factorisation"].ndcg.mean > 0.23
    assert by_name["item-item"].recall.mean > 0.165
    assert by_name["popularity"].recall.mean < 0.13


@pytest.mark.slow
def test_every_kind_of_event_helps_at_retail_rocket() -> None:
    """Views tell the most, carts something; both above what sells best."""
    folder = DATA / "events"
    if not folder.is_dir():
        pytest.skip(f"no logs at {folder}")
    found = held_out(
        folder / "retailrocket.csv",
        folder / "retailrocket-heldout-purchases.csv",
        RETAILROCKET,
        progress=nothing,
    )
    steps = {(one.model, one.events[-1]): one for one in found.steps}
    assert found.shoppers == 2_174
    for model in ("item-item", "factorisation"):
        assert steps[model, "view_item"].adds.above
        assert steps[model, "view_item"].ndcg.low > steps["popularity", "view_item"].ndcg.high
    assert steps["item-item", "view_item"].hit_rate.mean > 0.19
    assert steps["factorisation", "view_item"].hit_rate.mean > 0.1

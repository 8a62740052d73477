"""The demo shop against its truth: no leak, and floors that a broken model falls through."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from indexing.contracts.errors import InputError
from offline.build import BuildConfig
from offline.evaluate.bias import position_bias
from offline.evaluate.histories import LATEST, cases
from offline.evaluate.past import days_of, past_home
from offline.evaluate.truth import Truth, TruthConfig, truth
from offline.simulate import simulate
from offline.simulate.oracle import Oracle
from tests.offline.evaluate.conftest import DAYS

SPLIT = date(2026, 5, 29)


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that is not shown."""


def test_the_past_holds_no_later_day(demo: Path, tmp_path: Path) -> None:
    """Its catalogue is whole, its log ends before the split, the shop itself is as it was."""
    before = sorted(path.name for path in demo.rglob("*"))
    past = past_home(demo, tmp_path / "past", SPLIT)
    assert len(days_of(demo)) == DAYS
    assert days_of(past) == days_of(demo)[:5]
    for kind in ("events", "shown"):
        time = "timestamp" if kind == "events" else "served_at"
        for path in (past / kind).glob("day=*/*.parquet"):
            moments = pq.ParquetFile(path).read(columns=[time])[time].to_pylist()
            assert max(moments).date() < SPLIT + timedelta(days=1)
    assert sorted(path.name for path in demo.rglob("*")) == before
    with pytest.raises(InputError, match="no simulated shop"):
        past_home(tmp_path, tmp_path / "other", SPLIT)


def test_cases_know_only_what_came_before(demo: Path) -> None:
    """Actions newest first and before the split; the order is the first from it on."""
    split = datetime(2026, 5, 29, tzinfo=UTC)
    found = cases(demo, Oracle(demo).shoppers, until=SPLIT)
    assert len(found) > 20
    for case in found:
        moments = [action.timestamp for action in case.actions]
        assert moments == sorted(moments, reverse=True)
        assert moments[0] < split
        assert len(moments) <= LATEST
        assert {action.item_id for action in case.actions} <= case.touched
        assert case.bought
    assert cases(demo, [], until=SPLIT) == []


def test_more_days_than_the_log_has_cannot_be_held_out(demo: Path) -> None:
    """One day on each side is the least."""
    with pytest.raises(InputError, match="at least one on each side"):
        truth(demo, TruthConfig(held_out=DAYS), progress=nothing)


@pytest.fixture(scope="module")
def found(demo: Path) -> Truth:
    """Measured once."""
    config = TruthConfig(held_out=3, per_kind=25, build=BuildConfig(text_pairs=5_000))
    return truth(demo, config, progress=nothing)


@pytest.mark.slow
def test_next_purchases_lie_between_chance_and_the_oracle(found: Truth) -> None:
    """Ours finds more than what sells best; the oracle more than everyone."""
    by_name = {one.system: one for one in found.purchases.systems}
    assert found.purchases.shoppers > 30
    assert by_name["daogou"].hit_rate.mean > 20 / 800 * 3
    assert by_name["daogou"].ndcg.mean > by_name["best sellers"].ndcg.mean
    assert by_name["daogou"].ndcg.mean > by_name["trend alone"].ndcg.mean
    # 55 shoppers of five days tell no more; over many shops like it ours is above (docs/evaluation.md)
    assert by_name["daogou"].ndcg.mean > by_name["item-item alone"].ndcg.mean / 2
    assert by_name["oracle"].ndcg.mean > 2 * by_name["daogou"].ndcg.mean


@pytest.mark.slow
def test_queries_are_understood_in_every_kind(found: Truth) -> None:
    """Floors of success@10 by kind; bigrams are beaten where a query is not written as the titles are."""
    floors = {
        "characters": 0.95, "traditional": 0.95, "attribute": 0.95, "brand": 0.8, "model": 0.9,
        "synonym": 0.75, "pinyin": 0.6, "typo": 0.65, "initials": 0.3,
    }  # fmt: skip
    kinds = {one.kind: one for one in found.search.kinds}
    low = {kind: kinds[kind].success["daogou"].mean for kind in floors}
    assert {kind: value for kind, value in low.items() if value < floors[kind]} == {}
    for kind in ("pinyin", "initials", "typo", "traditional"):
        assert kinds[kind].over["bigrams"].above, kind
    assert kinds["pinyin"].over["without corrections"].above
    assert found.search.overall.over["bigrams"].above
    assert found.search.overall.over["without vectors"].above
    assert not found.search.shopper.relevance.below


@pytest.mark.slow
def test_planted_complements_are_found(found: Truth) -> None:
    """Far more than the best sellers hold."""
    ours = next(one for one in found.together.systems if one.system == "daogou")
    if found.together.products:
        assert ours.recall.mean > 0.1


@pytest.mark.slow
def test_position_bias_is_recovered_from_clicks(tmp_path: Path) -> None:
    """Nearer to the truth than plain click-through, and within its interval at nine of ten places."""
    # only the one list in twelve that is shuffled tells much: fewer lists recover nothing
    simulate(tmp_path, products=3_000, shoppers=5_000, days=10, seed=5, last_day=date(2026, 5, 31))
    bias = position_bias(tmp_path)
    assert bias.lists > 30_000
    inside = [low <= true <= high for low, true, high in zip(bias.low, bias.truth, bias.high, strict=True)]
    assert sum(inside) >= 9
    assert bias.error < 0.1
    assert bias.error < bias.naive_error
    assert all(value > 0 for value in bias.recovered)


def test_a_log_without_searches_has_no_bias_to_recover(tmp_path: Path) -> None:
    """It says so, instead of dividing by nothing."""
    simulate(tmp_path, products=100, shoppers=2, days=1, seed=5, last_day=date(2026, 5, 31))
    with pytest.raises(InputError, match="too short"):
        position_bias(tmp_path)

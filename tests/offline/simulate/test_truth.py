"""The truth beside the data is the truth of the data."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from indexing.contracts.errors import NotFoundError
from offline.simulate.affinity import Affinity
from offline.simulate.crowd import crowd_of
from offline.simulate.days import Recorder
from offline.simulate.log import EVENT
from offline.simulate.oracle import Oracle
from offline.simulate.parameters import Behaviour, Parameters
from offline.simulate.partners import partners_of
from offline.simulate.products import described
from offline.simulate.queries import queries_of
from offline.simulate.results import results_of
from offline.simulate.shelf import Shelf, shelf_of
from tests.offline.simulate.conftest import LAST_DAY, Home


@pytest.fixture(scope="module")
def oracle(home: Home) -> Oracle:
    return Oracle(home.path)


def test_position_bias_can_be_recovered_from_shuffled_lists() -> None:
    """Where every search is shuffled, clicks over slots seen fall with the position as the truth says."""
    parameters = Parameters(400, 300, 3, 9, LAST_DAY, Behaviour(shuffled=1.0))
    made = list(described(400, 9, LAST_DAY))
    shelf = shelf_of(made, parameters.dates, 9)
    affinity = Affinity(crowd_of(parameters, shelf), shelf, parameters.behaviour)
    results = results_of(queries_of(made, 9), shelf, 9)
    recorder = Recorder(parameters, affinity, partners_of(shelf, 9), results)
    clicks, seen = np.zeros(20), np.zeros(20)
    for place in range(3):
        day = recorder.record(place, 0)
        people = day.shoppers < parameters.shoppers
        first = (
            (day.answers["scenario"] == 0) & (day.answers["begin"] == 0) & people[day.answers["session"]]
        )
        seen += np.bincount(
            np.concatenate([np.arange(d) for d in day.answers["depth"][first]]), minlength=20
        )
        clicked = (day.events["event"] == EVENT["click"]) & first[np.maximum(day.events["answer"], 0)]
        clicks += np.bincount(day.events["position"][clicked] - 1, minlength=20)
    slopes = np.linspace(0, 0.6, 601)
    assert slopes[np.argmax([_likelihood(slope, clicks, seen) for slope in slopes])] == pytest.approx(
        0.15, abs=0.06
    )


def _likelihood(slope: float, clicks: npt.NDArray[np.float64], seen: npt.NDArray[np.float64]) -> float:
    """Of clicks ~ Poisson(a · seen / (1 + slope (k - 1))), the best a put in."""
    expected = seen / (1 + slope * np.arange(20))
    expected *= clicks.sum() / expected.sum()
    return float((clicks * np.log(expected) - expected).sum())


def test_bias_is_written(home: Home) -> None:
    """``bias.json`` holds the curve: 1 at the top, 1 / (1 + slope (k - 1)) at position k."""
    bias = msgspec.json.decode((home.path / "truth" / "bias.json").read_bytes())
    assert bias["slope"] == Behaviour().examination
    expected = 1 / (1 + bias["slope"] * np.arange(40))
    assert bias["examination"] == pytest.approx(expected.tolist(), abs=1e-6)


def test_the_oracle_computes_the_same_liking_as_the_simulation(home: Home, oracle: Oracle) -> None:
    """From the written truth alone, the number that decided clicks and carts."""
    parameters = Parameters(800, 400, 8, 1, LAST_DAY)
    shelf: Shelf = shelf_of(list(described(800, 1, LAST_DAY)), parameters.dates, 1)
    crowd = crowd_of(parameters, shelf)
    affinity = Affinity(crowd, shelf, parameters.behaviour)
    warmth = shelf.appeal + shelf.trend(5)
    rows = np.arange(len(shelf), dtype=np.int32)[None]
    for place in (0, 17, 399):
        ours = affinity.liking(np.array([place], np.int32), rows, warmth)[0]
        assert oracle.liking(crowd.ids[place], day=5) == pytest.approx(ours, abs=1e-4)
    with pytest.raises(NotFoundError):
        oracle.liking("nobody", day=5)


def test_purchases_follow_tastes(home: Home, oracle: Oracle) -> None:
    """Of the last two days' purchases the oracle has many more among its first 20 than popularity has."""
    cut = (LAST_DAY - timedelta(days=2)).isoformat()
    popular: dict[str, int] = {}
    bought: dict[str, set[str]] = {}
    for row in home.of("click", "purchase").to_pylist():
        late = row["timestamp"].date().isoformat() > cut
        if row["event"] == "purchase" and late:
            bought.setdefault(row["shopper"], set()).update(line["item_id"] for line in row["items"])
        elif row["event"] == "click" and not late:
            popular[row["item_id"]] = popular.get(row["item_id"], 0) + 1
    best = set(sorted(popular, key=lambda item: (-popular[item], item))[:20])
    ids = np.array(oracle.item_ids)
    knows = {who: set(ids[np.argsort(-oracle.scores(who, day=7), kind="stable")[:20]]) for who in bought}
    hits = sum(len(items & knows[who]) for who, items in bought.items())
    plain = sum(len(items & best) for items in bought.values())
    total = sum(len(items) for items in bought.values())
    assert total > 60
    assert hits / total > 0.3
    assert hits > 1.8 * plain


def test_clicks_follow_tastes(home: Home) -> None:
    """What shoppers with many clicks click on lies in the leaves that they like."""
    leaf = dict(
        zip(
            home.truth("items")["item_id"].to_pylist(), home.truth("items")["leaf"].to_pylist(), strict=True
        )
    )
    tastes = {
        row["shopper"]: {x["name"]: x["weight"] for x in row["leaves"]}
        for row in home.truth("tastes").to_pylist()
    }
    weights = [
        tastes[row["shopper"]][leaf[row["item_id"]]]
        for row in home.of("click").to_pylist()
        if row["shopper"] in tastes
    ]
    mean = 1 / len(next(iter(tastes.values())))
    assert float(np.mean(weights)) > 8 * mean
    assert all(sum(shares.values()) == pytest.approx(1, abs=1e-3) for shares in tastes.values())


def test_typed_queries_have_their_relevance(home: Home) -> None:
    """Every query searched is in the truth; what is clicked there is mostly what was asked for."""
    truth = {row["query"]: row for row in home.truth("relevance").to_pylist()}
    bots = set(home.truth("bots")["shopper"].to_pylist())
    assert len(truth) == home.summary.queries >= 1000
    exact = clicks = 0
    for row in home.of("search", "click").to_pylist():
        if row["query"] is None or row["shopper"] in bots:
            continue
        target = truth[row["query"]]
        if row["event"] == "click":
            clicks += 1
            exact += row["item_id"] in target["exact"]
    assert exact / clicks > 0.6


def test_parameters_are_written(home: Home) -> None:
    """The truth names the arguments and the numbers of the behaviour, under their hash."""
    written = msgspec.json.decode((home.path / "truth" / "parameters.json").read_bytes())
    parameters = msgspec.convert(written["parameters"], Parameters)
    assert parameters == Parameters(800, 400, 8, 1, LAST_DAY)
    assert written["hash"] == parameters.hash == home.summary.hash

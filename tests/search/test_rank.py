"""Fusion and features, by formula."""

from __future__ import annotations

import numpy as np

from indexing.contracts.memory_columns import columns_of
from indexing.contracts.profiles import SearchProfile
from indexing.text import fold
from search.features import Candidates
from search.lists import in_order
from search.rank import RANK_K, check_features, first_order, second_order
from search.stages import Stages
from search.understand import Wanted
from tests.search.shop import SHOP, phone

COLUMNS = columns_of([phone(n, "手机", in_stock=n != 2) for n in range(4)], SHOP, fold)
WORDS = in_order(np.array([2, 0, 1, 3]), "words")
NEAR = in_order(np.array([1]), "vectors")
ABOUT = Candidates(np.arange(4, dtype=np.int32), COLUMNS, Wanted())


def test_relevance_is_the_fused_rank() -> None:
    """Σ w (k + 1) / (k + rank) over the retrievers: 1 at the top of the words alone."""
    ranked = first_order([WORDS, NEAR], [1.0, 0.5], ABOUT, SearchProfile(features={}))
    k = RANK_K
    expected = [(k + 1) / (k + 2), (k + 1) / (k + 3) + 0.5, 1.0, (k + 1) / (k + 4)]
    assert np.allclose(ranked.features["relevance"], expected, atol=1e-6)
    assert ranked.found.rows.tolist() == [1, 2, 0, 3]


def test_a_retriever_that_weighs_nothing_brings_nothing() -> None:
    """The others' rows alone are ranked, each with its own features."""
    ranked = first_order([WORDS, NEAR], [0.0, 1.0], ABOUT, SearchProfile(features={"in_stock": 1.0}))
    assert ranked.found.rows.tolist() == [1]
    assert ranked.found.scores.tolist() == [2.0]
    assert ranked.of(np.array([2], np.int32))[0]["relevance"] == 0.0
    assert len(first_order([WORDS], [0.0], ABOUT, SearchProfile()).found) == 0


def test_features_weigh_as_the_profile_says() -> None:
    """Out of stock costs its weight."""
    ranked = first_order([WORDS], [1.0], ABOUT, SearchProfile(features={"in_stock": 0.3}))
    assert ranked.found.rows.tolist() == [0, 1, 3, 2]
    assert np.isclose(ranked.found.scores[-1], 1.0)
    assert np.isclose(ranked.found.scores[0], (RANK_K + 1) / (RANK_K + 2) + 0.3)


def test_titles_reorder_the_first_only() -> None:
    """Those whose titles were read stay before the others, whatever their titles say."""
    profile = SearchProfile(features={"title_match": 1.0})
    ranked = first_order([WORDS], [1.0], ABOUT, profile)
    again = second_order(ranked, np.array([0.0, 1.0], np.float32), profile)
    assert again.found.rows.tolist() == [0, 2, 1, 3]
    assert again.of(np.array([0, 2, 3], np.int32))[0]["title_match"] == 1.0
    assert [one["title_match"] for one in again.of(np.array([2, 3], np.int32))] == [0.0, 0.0]


def test_features_of_a_stranger() -> None:
    """A row that was no candidate has none."""
    ranked = first_order([WORDS], [1.0], ABOUT, SearchProfile())
    assert ranked.of(np.array([3, 99], np.int32))[1] == {}
    nothing = first_order([], [], Candidates(np.empty(0, np.int32), COLUMNS, Wanted()), SearchProfile())
    assert nothing.of(np.array([1], np.int32)) == [{}]


def test_every_default_feature_is_known() -> None:
    """The default profile names nothing that nobody computes."""
    stages = Stages()
    check_features(SearchProfile(), stages)
    assert stages.notes == ()

"""Queries and what they mean."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from indexing.contracts.items import Item
from offline.simulate.products import described
from offline.simulate.queries import KINDS, Query, queries_of
from offline.simulate.titles import Product
from offline.simulate.tree import LEAVES, PLACES

Made = list[tuple[Item, Product]]


@pytest.fixture(scope="module")
def made() -> Made:
    return list(described(3000, 1, date(2026, 11, 21)))


@pytest.fixture(scope="module")
def queries(made: Made) -> dict[str, Query]:
    return {query.text: query for query in queries_of(made, 1)}


def test_there_are_a_thousand_of_every_kind(queries: dict[str, Query]) -> None:
    """At least 1,000 queries, at least 100 of each kind, texts unique."""
    counts = Counter(query.kind for query in queries.values())
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 100
    assert len(queries) >= 1000


def test_grades_do_not_overlap(queries: dict[str, Query]) -> None:
    """A product is exactly or partly what was asked for, never both; something always is exactly."""
    for query in queries.values():
        assert query.exact.size
        assert not np.intersect1d(query.exact, query.partly).size
        assert (np.diff(query.exact) > 0).all()


def test_every_spelling_means_the_same(queries: dict[str, Query]) -> None:
    """Characters, pinyin, initials, the other script and synonyms of one word have one target."""
    for word in ("kafeiji", "kfj", "咖啡機", "咖啡壶"):  # coffee machine
        assert queries[word].exact.tolist() == queries["咖啡机"].exact.tolist(), word
    assert [queries[w].kind for w in ("咖啡机", "kafeiji", "kfj", "咖啡機", "咖啡壶")] == [
        "characters", "pinyin", "initials", "traditional", "synonym",
    ]  # fmt: skip


def test_a_plain_noun_means_the_leaf_and_a_narrow_one_a_part(queries: dict[str, Query], made: Made) -> None:
    """咖啡机 is every coffee machine; 胶囊咖啡机 (for capsules) those called so, the rest in part."""
    leaf = {row for row, (item, _) in enumerate(made) if item.category[-1] == "咖啡机"}
    assert set(queries["咖啡机"].exact.tolist()) == leaf
    narrow = queries["胶囊咖啡机"]
    assert {made[row][1].noun for row in narrow.exact} == {"胶囊咖啡机"}
    assert set(narrow.exact.tolist()) | set(narrow.partly.tolist()) == leaf


def test_a_mixed_leaf_is_not_named_by_its_plain_noun(queries: dict[str, Query], made: Made) -> None:
    """毛巾 (towel) does not mean 浴巾 (bath towel), though both are in one leaf."""
    nouns = {made[row][1].noun for row in queries["毛巾"].exact}
    assert "浴巾" not in nouns
    assert "毛巾" in nouns


def test_attribute_queries_mean_the_value(queries: dict[str, Query], made: Made) -> None:
    """What was asked for has the value; the rest of the leaf does in part."""
    several = [query for query in queries.values() if query.kind == "attribute"]
    for query in several:
        assert query.attribute is not None
        for row in query.exact:
            value = made[row][0].attributes[query.attribute]
            assert ("true" if value is True else str(value)) == query.value
        assert all(PLACES[made[row][0].category[-1]] == query.leaf for row in query.exact)


def test_brand_queries_mean_the_brand(queries: dict[str, Query], made: Made) -> None:
    """A brand alone means all it makes, in either script; with a noun, what it makes in that leaf."""
    alone = queries["飞利浦"]
    assert not alone.scoped
    assert {made[row][0].brand for row in alone.exact} == {"飞利浦"}
    assert queries["philips"].exact.tolist() == alone.exact.tolist()
    both = queries["飞利浦咖啡机"]
    assert {made[row][0].brand for row in both.exact} == {"飞利浦"}
    assert {LEAVES[both.leaf].name} == {made[row][0].category[-1] for row in both.exact} == {"咖啡机"}


def test_model_queries_find_their_number_in_the_title(queries: dict[str, Query], made: Made) -> None:
    """The number stands in the titles that it means, however it is spaced."""
    several = [query for query in queries.values() if query.kind == "model"]
    for query in several:
        for row in query.exact:
            model = made[row][1].model.replace(" ", "")
            assert model in query.text.replace(" ", "")

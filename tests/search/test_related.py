"""What follows where few products match."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexing.contracts.items import Item
from indexing.contracts.profiles import SearchProfile
from search import SearchEngine, SearchRequest
from tests.search.shop import Make, WordEmbedder


class KnowsNoModels(WordEmbedder):
    """Texts without a Chinese character have no known word."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        found = super().encode(texts)
        found[[text.isascii() for text in texts]] = 0
        return found


ITEMS = [
    Item("a", "Z9 机械 键盘 青轴 游戏"),
    Item("b", "机械 键盘 青轴 游戏"),
    Item("c", "连衣裙 夏季 红色 新款"),
]


def test_what_is_like_the_match_follows_it(make: Make) -> None:
    """The vectors know no word of the query Z9, a model number; they know its product's others."""
    engine = SearchEngine(make(ITEMS, vectors=True), KnowsNoModels())
    result = engine.search(SearchRequest("z9"))
    assert [(hit.item.item_id, hit.source) for hit in result.hits] == [("a", "words"), ("b", "vectors")]
    assert result.total == 1


def test_nothing_is_added_where_the_profile_wants_no_vectors(make: Make) -> None:
    """The match alone."""
    engine = SearchEngine(make(ITEMS, vectors=True), KnowsNoModels())
    result = engine.search(SearchRequest("z9", profile=SearchProfile(vectors=False)))
    assert [hit.item.item_id for hit in result.hits] == ["a"]

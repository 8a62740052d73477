"""Text vectors of a shop whose words are planted."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from indexing.contracts.items import Item
from indexing.snapshots.arrow_texts import MappedTexts
from indexing.text import build_analyser
from indexing.vectors import StaticEmbedder
from offline.jobs.searches import Searches
from offline.jobs.text_pairs import ItemTexts, context_of, make_pairs
from offline.jobs.text_training import TrainingConfig
from offline.jobs.text_vectors import TextConfig, text_vectors

KINDS = 20
EACH = 30
NAMES = ["咖啡机", "手机", "跑步鞋", "羽绒服", "电饭煲", "吹风机", "耳机", "行李箱", "台灯", "键盘"]
NAMES += ["面膜", "口红", "奶粉", "纸尿裤", "猫粮", "帐篷", "自行车", "钢笔", "投影仪", "沙发"]
NO_SEARCHES = Searches([], np.zeros(0, np.int32), np.zeros(0, np.int32))


@pytest.fixture(scope="module")
def analyser():
    return build_analyser([*NAMES, *(f"品牌{number}" for number in range(12))])


def _words(titles, analyser):
    """As the index was given them."""
    spaced = [" ".join(token.text for token in analyser.index(title)) for title in titles]
    return MappedTexts(pa.array(spaced, pa.large_string()))


def _texts(rng):
    """Titles of one kind share its name and nothing else; ``slang`` is what shoppers call each kind."""
    titles = [
        f"品牌{rng.integers(12)} {NAMES[row // EACH]} 型号{rng.integers(1000)} 新款 包邮"
        for row in range(KINDS * EACH)
    ]
    return ItemTexts(titles, [f"分类 {NAMES[row // EACH]}" for row in range(KINDS * EACH)])


def _slang(rng, count=6000):
    """Queries ``word<kind>`` that share no word with the titles touched after them."""
    kinds = rng.integers(0, KINDS, count)
    rows = kinds * EACH + rng.integers(0, EACH, count)
    return Searches(
        [f"slang{kind}" for kind in range(KINDS)], kinds.astype(np.int32), rows.astype(np.int32)
    )


def test_a_query_finds_what_was_touched_after_it_though_they_share_no_word(touches, tmp_path, analyser):
    """Trained on clicks, ``slang3`` is nearest to products of kind 3; untrained, to none."""
    rng = np.random.default_rng(0)
    config = TextConfig(dimension=32, training=TrainingConfig(batch=128, epochs=2))
    vectors, report = text_vectors(
        _texts(rng), _slang(rng), touches([], rows=600), analyser=analyser, folder=tmp_path, config=config
    )
    assert report.trained
    assert report.pairs["query"] > 100
    assert vectors.shape == (KINDS * EACH, 32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(KINDS * EACH), abs=1e-5)
    embedder = StaticEmbedder.open(tmp_path, analyser)
    queries = embedder.encode([f"slang{kind}" for kind in range(KINDS)])
    nearest = np.argsort(-(queries @ vectors.T), axis=1)[:, :10] // EACH
    assert (nearest == np.arange(KINDS)[:, None]).mean() > 0.9
    assert report.recall_after > report.recall_before
    assert embedder.encode(_texts(np.random.default_rng(0)).titles[:3]) == pytest.approx(
        vectors[:3], abs=1e-6
    )


def test_a_few_products_without_events_have_a_bag_of_words(touches, tmp_path, analyser):
    """Fewer pairs than needed: nothing is trained, the report says so, titles that share a rare word are
    near, and a word never seen has the vectors of its characters."""
    texts = ItemTexts(["红色 咖啡机", "蓝色 咖啡机", "红色 手机", "绿色 帐篷"], ["", "", "", ""])
    vectors, report = text_vectors(
        texts, NO_SEARCHES, touches([], rows=4), analyser=analyser, folder=tmp_path
    )
    assert not report.trained
    assert "0 pairs" in report.why
    near = vectors @ vectors.T
    assert near[0, 1] > 0.3 > near[0, 3]
    unseen = StaticEmbedder.open(tmp_path, analyser).encode(["咖啡"])
    assert np.linalg.norm(unseen) == pytest.approx(1.0, abs=1e-5)
    assert (vectors @ unseen[0]).argmax() in {0, 1}


def test_the_same_seed_gives_the_same_vectors(touches, tmp_path, analyser):
    """Untrained words too are drawn from the seed."""
    texts = ItemTexts(["红色 咖啡机", "蓝色 帐篷"], ["", ""])
    found = [
        text_vectors(texts, NO_SEARCHES, touches([], rows=2), analyser=analyser, folder=tmp_path / name)[0]
        for name in ("a", "b")
    ]
    assert (found[0] == found[1]).all()


def test_an_empty_shop_has_an_empty_matrix(touches, tmp_path, analyser):
    """No products: no words, no rows, no crash."""
    vectors, report = text_vectors(
        ItemTexts([], []), NO_SEARCHES, touches([], rows=0), analyser=analyser, folder=tmp_path
    )
    assert vectors.shape == (0, 128)
    assert report.words == 0


def test_another_model_is_taken_by_path(touches, tmp_path, analyser):
    """Whatever was saved as a static embedding serves as it is; nothing is trained."""
    own = tmp_path / "own"
    texts = ItemTexts(["红色 咖啡机", "蓝色 帐篷"], ["", ""])
    text_vectors(texts, NO_SEARCHES, touches([], rows=2), analyser=analyser, folder=own)
    (own / "embeddings.safetensors").rename(own / "model.safetensors")
    vectors, report = text_vectors(
        texts,
        NO_SEARCHES,
        touches([], rows=2),
        analyser=analyser,
        folder=tmp_path / "text",
        config=TextConfig(model=own),
    )
    assert vectors.shape == (2, 128)
    assert "own" in report.why


def test_the_model_of_a_former_build_is_taken_by_path(touches, tmp_path, analyser):
    """The same vectors again, also from words that are known already, and no contexts are asked for."""
    titles = ["红色 咖啡机", "蓝色 帐篷", "", "咖啡机 咖啡机"]
    first, _ = text_vectors(
        ItemTexts(titles, [""] * 4),
        NO_SEARCHES,
        touches([], rows=4),
        analyser=analyser,
        folder=tmp_path / "first",
    )
    words = _words(titles, analyser)
    again, report = text_vectors(
        ItemTexts(titles, [], words),
        NO_SEARCHES,
        touches([], rows=4),
        analyser=analyser,
        folder=tmp_path / "again",
        config=TextConfig(model=tmp_path / "first"),
    )
    np.testing.assert_allclose(again, first, atol=1e-6)
    assert not again[2].any()
    assert not report.trained


def test_known_words_train_the_same_model(touches, tmp_path, analyser):
    """Whether the titles' words are given or found."""
    texts = _texts(np.random.default_rng(0))
    words = _words(texts.titles, analyser)
    config = TextConfig(dimension=16, training=TrainingConfig(batch=128, epochs=1))
    found, given = (
        text_vectors(
            ItemTexts(texts.titles, texts.contexts, known),
            _slang(np.random.default_rng(1)),
            touches([], rows=600),
            analyser=analyser,
            folder=tmp_path / name,
            config=config,
        )[0]
        for name, known in (("found", None), ("given", words))
    )
    np.testing.assert_allclose(found, given, atol=1e-4)


def test_kinds_of_pairs_fill_what_others_lack(touches):
    """With many of each the shares hold; where one kind is missing the others take its place; no pair
    occurs twice."""
    rng = np.random.default_rng(0)
    texts, searches = _texts(rng), _slang(rng)
    walk = [
        (0, int(row), "click", place / 1e3, 0, -1) for place, row in enumerate(rng.integers(0, 600, 900))
    ]
    found = touches(walk, rows=600)
    pairs = make_pairs(texts, searches, found, most=500, seed=1)
    assert pairs.kinds == {"query": 250, "together": 150, "context": 100}
    assert len({*zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)}) == len(pairs) == 500
    alone = make_pairs(texts, NO_SEARCHES, touches([], rows=600), most=500, seed=1)
    assert alone.kinds == {"query": 0, "together": 0, "context": 500}
    places = zip(alone.left.tolist(), alone.right.tolist(), strict=True)
    assert all(right == left + 600 for left, right in places)


def test_context_is_brand_category_and_texts_of_attributes():
    """Numbers and flags say nothing in words."""
    item = Item(
        "p",
        "标题",
        brand="小米",
        category=["数码", "手机"],
        attributes={"颜色": ["红", "蓝"], "重量": 3, "材质": "铝"},
    )
    assert context_of(item) == "小米 数码 手机 铝 红 蓝"
    assert context_of(Item("p", "标题")) == ""

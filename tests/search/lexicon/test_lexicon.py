"""The query lexicon: what is written is what is read."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from indexing.contracts.errors import SnapshotBroken, SnapshotNewer
from indexing.text import build_analyser
from search.lexicon import Lexicon, LexiconEntry, LexiconReport, write_lexicon
from tests.search.shop import said

ENTRIES = [
    LexiconEntry("手机", "category", 50.0, category="数码 > 手机"),
    LexiconEntry("手机", "query", 500.0, shoppers=80),
    LexiconEntry("手機", "query", 100.0, shoppers=9),
    LexiconEntry("小米", "brand", 20.0),
    LexiconEntry("小米 手机 黑色", "product", 0.5, item_id="p1"),
    LexiconEntry("小米手机黑色", "product", 0.9, item_id="p2"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lexicon") / "lexicon"
    report = write_lexicon(
        path,
        ENTRIES,
        pinyin=said,
        analyser=build_analyser(["小米"]),
        query_categories={"手機": [("数码 > 手机", 0.9), ("数码 > 配件", 0.1)], "!": [("数码", 1.0)]},
        synonyms=[("小米", "Xiaomi", "MI"), ("孤", "孤"), ()],
    )
    assert report == LexiconReport(entries=4, words=1, synonyms=1, query_categories=1)
    return path


def test_entries_are_merged(folder: Path) -> None:
    """Equal kinds and folded texts are one: weights add up, of products the better one stays."""
    lexicon = Lexicon.open(folder)
    held = [lexicon.entry(place) for place in range(5)]
    assert [(one.text, one.kind, round(one.weight, 3)) for one in held] == [
        ("小米", "brand", 20.0),
        ("手机", "category", 50.0),
        ("小米手机黑色", "product", 0.9),
        ("手机", "query", 600.0),
        ("黑色", "word", 0.45),
    ]
    assert held[2].item_id == "p2"
    assert held[1].category == "数码 > 手机"


def test_where_queries_lead(folder: Path) -> None:
    """Shares of folded paths, by query however it is written."""
    lexicon = Lexicon.open(folder)
    shares = lexicon.categories_of("手 机")
    assert {path: round(share, 3) for path, share in shares.items()} == {
        "数码 > 手机": 0.9,
        "数码 > 配件": 0.1,
    }
    assert lexicon.categories_of("充电宝") == {}


def test_synonyms_are_folded(folder: Path) -> None:
    """Groups of one are none."""
    assert Lexicon.open(folder).synonyms == (("小米", "xiaomi", "mi"),)


def test_words_are_known_but_products_are_not(folder: Path) -> None:
    """What a correction may lead to."""
    lexicon = Lexicon.open(folder)
    assert lexicon.knows("手机")
    assert lexicon.knows("黑色")
    assert not lexicon.knows("小米手机黑色")


def test_a_query_of_few_shoppers_is_refused(tmp_path: Path) -> None:
    """It might name one of them."""
    rare = [LexiconEntry("张三家的地址", "query", 9.0, shoppers=4)]
    with pytest.raises(ValueError, match="4 shoppers, fewer than 5"):
        write_lexicon(tmp_path, rare, pinyin=said)
    with pytest.raises(ValueError, match="None shoppers"):
        write_lexicon(tmp_path, [LexiconEntry("手机", "query", 9.0)], pinyin=said)


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_weights_are_positive(tmp_path: Path, weight: float) -> None:
    """A weight that cannot be compared is an error of the build."""
    with pytest.raises(ValueError, match="weighs"):
        write_lexicon(tmp_path, [LexiconEntry("手机", "brand", weight)], pinyin=said)


def test_empty_lexicon(tmp_path: Path) -> None:
    """A shop without anything has a lexicon that knows nothing."""
    write_lexicon(tmp_path, [LexiconEntry("…", "brand", 1.0)], pinyin=said)
    lexicon = Lexicon.open(tmp_path)
    assert len(lexicon.hot) == 0
    assert lexicon.suggest_text.prefix("手", 5)[0].tolist() == []
    assert lexicon.typos_text.near("iphone").tolist() == []


def test_broken_and_newer_folders_are_refused(folder: Path, tmp_path: Path) -> None:
    """An absent file is broken, a higher format is newer; both name the folder."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    head = msgspec.json.decode((copy / "lexicon.json").read_bytes())
    (copy / "lexicon.json").write_bytes(msgspec.json.encode({**head, "format": 99}))
    with pytest.raises(SnapshotNewer):
        Lexicon.open(copy)
    (copy / "lexicon.json").write_bytes(msgspec.json.encode(head))
    (copy / "typos_text_hashes.npy").unlink()
    with pytest.raises(SnapshotBroken) as caught:
        Lexicon.open(copy)
    assert caught.value.path == str(copy)


def test_writing_is_deterministic(folder: Path, tmp_path: Path) -> None:
    """The same entries in another order give the same bytes."""
    write_lexicon(
        tmp_path,
        ENTRIES[::-1],
        pinyin=said,
        analyser=build_analyser(["小米"]),
        query_categories={"手機": [("数码 > 手机", 0.9), ("数码 > 配件", 0.1)], "!": [("数码", 1.0)]},
        synonyms=[("小米", "Xiaomi", "MI")],
    )
    names = sorted(path.name for path in folder.iterdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name in names:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name

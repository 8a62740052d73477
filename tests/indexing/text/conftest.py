"""Texts of every kind, and the real data that stands beside the checkout."""

from pathlib import Path

import pytest
from hypothesis import strategies as st

from indexing.text import Analyser, build_analyser

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "chinese"

HAN = """智能手机 苹果手机壳 一次性塑料袋 曲奇饼干 小米 猫抓板 保護殼 著名 一個 寸 升级版 英寸
毫升 克拉 公斤 恤 盘 米床"""
LATIN = """iPhone iphone TP LINK tplink HR 7633 00 15 5.5 256 GB gb g 8 Pro Max XM4 A7 T U x cm mAh kg inch
1,000 mugs ｉＰ １５ ㎏ ½ ﬁ ß İ é e\u0301"""
OTHER = [
    "한",
    "글",
    "ㄱ",
    "ㅏ",
    "ﾌ",
    "ﾟ",
    "я",
    "🎁",
    "👨‍👩‍👧",
    "\u200b",
    "\ufeff",
    "\u202e",
    "\x00",
    "\ud800",
]
GAPS = [" ", " ", "-", "", "，", "【", "】", "*", "×", ".", "/", "_", "+", "&", "'", "\u3000", "\t", "\n"]


@pytest.fixture(scope="session")
def shop_text() -> st.SearchStrategy[str]:
    """What titles and queries are made of, put together in ways nobody would."""
    return st.lists(st.sampled_from([*HAN.split(), *LATIN.split(), *OTHER, *GAPS]), max_size=14).map(
        "".join
    )


@pytest.fixture(scope="session")
def any_text() -> st.SearchStrategy[str]:
    """Any Python text, lone surrogates included."""
    return st.text(st.characters(exclude_categories=()), max_size=40)


@pytest.fixture(scope="session")
def analyser() -> Analyser:
    """Of a shop with a few words of its own."""
    return build_analyser(["小米/MI", "TP-LINK", "百雀羚", "猫抓板", "iPhone15"])


@pytest.fixture(scope="session")
def english() -> Analyser:
    """Of a shop in English."""
    return build_analyser([], language="en")


@pytest.fixture(scope="session")
def real_queries() -> list[str]:
    """100,000 real shop queries."""
    return [line.split("\t")[1] for line in read(DATA / "queries" / "taobao-queries.tsv").splitlines()]


@pytest.fixture(scope="session")
def real_titles() -> list[str]:
    """Nearly 5,000 real titles; the files have a character and its tag a line."""
    files = [read(DATA / "titles-ner" / f"{part}.txt.bieos") for part in ("train", "dev", "test")]
    blocks = (block for file in files for block in file.split("\n\n") if block.strip())
    return ["".join(line[0] for line in block.splitlines() if line) for block in blocks]


def read(path: Path) -> str:
    """A file of real data; without it the test is skipped."""
    if not path.exists():
        pytest.skip(f"{path} is absent")
    return path.read_text("utf-8")

"""Segmentation, held against jieba."""

import builtins
import importlib.util
import os
import re
import subprocess
import sys

import pytest

from indexing.text import fold
from indexing.text.segmenter import Segmenter, _rjieba, load_jieba, load_rjieba, load_segmenter

WORDS = ("小米", "百雀羚", "猫抓板")


@pytest.fixture(scope="module")
def oracle() -> Segmenter:
    return load_jieba(WORDS)


@pytest.fixture(scope="module")
def native() -> Segmenter:
    library = _rjieba()
    if library is None:
        pytest.skip("rjieba has no wheel here")
    return load_rjieba(library, WORDS)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("智能手机", ["智能", "手机"]),  # smartphone: never 能手 (expert)
        ("单反相机", ["单反", "相机"]),  # reflex camera
        ("巧克力", []),  # chocolate: no word in it
        ("手机", []),
        ("咖啡机", ["咖啡", "机"]),  # coffee machine
        ("猫抓板", ["猫", "抓", "板"]),  # learned, without words in it: what its title held before
        ("百雀羚", ["百", "雀", "羚"]),
    ],
)
def test_parts_are_true_sub_words(native, word, parts):
    """A long word is cut as if it were absent from the dictionary, and its parts likewise."""
    assert [part for part, _ in native.parts(word)] == parts


def test_parts_of_parts_know_their_place(native):
    """Offsets count from the word's beginning, also for parts of parts."""
    for word in ("高等教育自学考试", "中华人民共和国", "一次性塑料袋"):
        for part, at in native.parts(word):
            assert word[at : at + len(part)] == part


def test_learned_words_stay_whole(native):
    """A dictionary word of the shop's own is not cut where the library alone would cut it."""
    assert native.cut("小米百雀羚猫抓板") == ["小米", "百雀羚", "猫抓板"]
    assert load_segmenter(()).cut("猫抓板") == ["猫", "抓", "板"]


def test_both_libraries_cut_real_queries_alike(native, oracle, real_queries):
    """The same words for the Han runs of 20,000 real queries, and the same parts of these words."""
    han = sorted({run for query in real_queries[:20_000] for run in re.findall("[一-鿿]+", fold(query))})
    different = [run for run in han if native.cut(run) != oracle.cut(run)]
    assert len(han) > 10_000
    assert different == []
    words = sorted({word for run in han for word in native.cut(run)})
    apart = [word for word in words if native.parts(word) != oracle.parts(word)]
    assert len(apart) <= len(words) // 1000  # equal scores may fall either way


@pytest.mark.parametrize("run", ["々〇", "㐀䶵", "\U00020000\U00030000", "鿿", "豈", "龘靐齉"])
def test_rare_characters_are_kept(native, oracle, run):
    """Whatever the library does not know comes out character for character."""
    assert "".join(native.cut(run)) == run
    assert "".join(oracle.cut(run)) == run


def test_one_segmenter_for_the_same_words():
    """Two snapshots with the same dictionary share it, since each holds 32 MB."""
    first = load_segmenter(("导购机",))
    assert load_segmenter(("导购机",)) is first
    assert load_segmenter(()) is not first


def test_without_a_wheel_jieba_takes_over(monkeypatch):
    """The same words come out when rjieba is not installed."""
    monkeypatch.delitem(sys.modules, "rjieba.rjieba", raising=False)
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "rjieba" else real(name)
    )
    segmenter = load_segmenter(("榨汁杯子",))
    assert segmenter.library == "jieba"
    assert segmenter.cut("新款榨汁杯子") == ["新款", "榨汁杯子"]


def test_jieba_reads_no_file_that_others_could_write(monkeypatch, tmp_path):
    """jieba's cache has a predictable name in the shared temporary folder; ours is never there."""
    (tmp_path / "jieba.cache").write_bytes(b"not a dictionary")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    opened = []
    real = builtins.open
    monkeypatch.setattr(
        builtins, "open", lambda file, *rest, **more: opened.append(file) or real(file, *rest, **more)
    )
    load_jieba(())
    assert str(tmp_path / "jieba.cache") not in map(str, opened)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["jieba.cache"]


def test_loading_prints_nothing_and_takes_no_second_instance():
    """A worker's output stays clean, and the package's own instance of 32 MB is never made."""
    code = (
        "import sys; from indexing.text import build_analyser; build_analyser([]).index('手机');"
        "assert 'rjieba.rjieba' not in sys.modules or 'rjieba' not in sys.modules"
    )
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    assert (done.stdout, done.stderr) == (b"", b"")

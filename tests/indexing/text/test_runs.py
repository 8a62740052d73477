"""A text as runs."""

import pytest

from indexing.text.normalise import normalise
from indexing.text.runs import LONGEST, runs


def parts(text):
    return [(run.kind, [atom.text for atom in run.atoms] or run.text) for run in runs(normalise(text).text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("小米15 Pro手机", [("han", "小米"), ("chain", ["15", "pro"]), ("han", "手机")]),
        ("HR7633/00", [("chain", ["hr", "7633", "00"])]),
        ("5.5寸", [("chain", ["5.5"]), ("han", "寸")]),
        ("12,800mAh", [("chain", ["12800", "mah"])]),
        ("1,2,3", [("chain", ["1"]), ("chain", ["2"]), ("chain", ["3"])]),
        ("30*40 30×40 30 x 40", [("chain", ["30", "x", "40", "30", "x", "40", "30", "x", "40"])]),
        ("8GB+256GB", [("chain", ["8", "gb"]), ("chain", ["256", "gb"])]),
        ("L'Oréal", [("chain", ["l", "oreal"])]),
        ("한국 Москва ก็", [("other", "한국"), ("other", "москва"), ("other", "ก็")]),
        ("🎁【】！", []),
        ("", []),
    ],
)
def test_kinds_and_atoms(text, expected):
    """Han, chains and other words; punctuation, symbols and emoji separate."""
    assert parts(text) == expected


@pytest.mark.parametrize("piece", ["a", "1", "я", "é"])
def test_no_token_is_longer_than_the_limit(piece):
    """A run of ten thousand characters becomes several tokens and loses nothing."""
    found = [atom.text for run in runs(piece * 10_000) for atom in (run.atoms or (run,))]
    assert max(map(len, found)) == LONGEST
    assert sum(map(len, found)) == 10_000


def test_number_before_a_han_run_is_named():
    """A unit needs to know its number: across white space, never across punctuation."""
    before = [run.before and run.before.text for run in runs("5.5寸 5.5 寸 5.5,寸") if run.kind == "han"]
    assert before == ["5.5", "5.5", None]


def test_a_mark_alone_is_no_word():
    """记 with an accent is 记, and a key cap its digit; a mark within a word of its script stays."""
    assert [run.kind for run in runs("记\u0301录")] == ["han", "han"]
    assert [run.kind for run in runs("1\u20e3")] == ["chain"]
    assert [run.text for run in runs("हिन्दी")] == ["हिन्दी"]

"""What was typed, as pieces of a text."""

from __future__ import annotations

import pytest

from search.suggest.patterns import covered, spelt, ways

SYLLABLES = frozenset({"shou", "ji", "lian", "li", "an", "yi", "qun", "xi", "xian"})
PHONE = [("手", ("shou",)), ("机", ("ji", "qi")), ("壳", ("ke", "qiao"))]


def test_ways() -> None:
    """Whole syllables first; Chinese characters stand for themselves; never more than eight."""
    assert ways("sji", SYLLABLES) == [("s", "ji"), ("s", "j", "i")]
    assert ways("手ji", SYLLABLES)[0] == ("手", "ji")
    assert ways("xian", SYLLABLES)[:2] == [("xian",), ("xi", "an")]
    assert ways("shj", SYLLABLES) == [("sh", "j"), ("s", "h", "j")]
    assert len(ways("lianyiqun" * 3, SYLLABLES)) == 8


@pytest.mark.parametrize(
    ("pieces", "fullness"),
    [
        (("shou", "ji"), 1.0),
        (("s", "ji"), 0.5),
        (("手", "j"), 0.5),
        (("首", "j"), None),
        (("j", "k"), -1.0),
        (("s", "k"), None),
        (("s", "j", "k", "x"), None),
    ],
)
def test_spelt(pieces: tuple[str, ...], fullness: float | None) -> None:
    """The share of whole pieces, one less when they begin inside; nothing when a piece does not fit."""
    assert spelt(pieces, "手机壳", ["shou", "ji", "ke"]) == fullness


@pytest.mark.parametrize(
    ("typed", "run"),
    [
        ("shouji", (0, 2)),
        ("shouq", (0, 2)),
        ("sjk", (0, 3)),
        ("sh", (0, 1)),
        ("手jike", (0, 3)),
        ("jik", (1, 3)),
        ("ke", (2, 3)),
        ("sk", None),
        ("shoujikex", None),
    ],
)
def test_covered(typed: str, run: tuple[int, int] | None) -> None:
    """The first run of characters that was typed, by any of their readings."""
    assert covered(typed, PHONE) == run


def test_covered_never_begins_inside_a_latin_word() -> None:
    """``hone`` is not in ``iphone``."""
    iphone = [(c, ()) for c in "iphone"]
    assert covered("iph", iphone) == (0, 3)
    assert covered("hone", iphone) is None

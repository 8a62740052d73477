"""Words one slip away."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from search.lexicon.typos import Typos, distance, slips

WORD = st.text("abcdeh", min_size=4, max_size=9)


def plain_distance(a: str, b: str) -> int:
    """Optimal string alignment straight from its definition."""
    if not a or not b:
        return len(a) + len(b)
    best = min(
        plain_distance(a[:-1], b) + 1,
        plain_distance(a, b[:-1]) + 1,
        plain_distance(a[:-1], b[:-1]) + (a[-1] != b[-1]),
    )
    if len(a) > 1 and len(b) > 1 and a[-1] == b[-2] and a[-2] == b[-1]:
        best = min(best, plain_distance(a[:-2], b[:-2]) + 1)
    return best


@given(st.text("ab", max_size=5), st.text("ab", max_size=5), st.integers(0, 3))
def test_distance(a: str, b: str, most: int) -> None:
    """Equal to the definition, up to the limit, and symmetric."""
    assert distance(a, b, most) == min(plain_distance(a, b), most + 1) == distance(b, a, most)


@given(WORD, st.integers(0, 8), st.sampled_from(["delete", "insert", "replace", "swap"]))
def test_every_slip_is_found(word: str, place: int, how: str) -> None:
    """Whatever one slip does to a word, the word is among those near what was typed."""
    place %= len(word) - 1
    typed = {
        "delete": word[:place] + word[place + 1 :],
        "insert": word[:place] + "x" + word[place:],
        "replace": word[:place] + "x" + word[place + 1 :],
        "swap": word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    }[how]
    near = Typos.make([(7, word), (8, "zzzzzzz")]).near(typed)
    assert near.tolist() == ([7] if slips(typed) else [])


def test_short_words_forgive_nothing() -> None:
    """Three letters or two characters are all near one another; digits are models, not words."""
    assert [slips(word) for word in ("mi", "led", "手机", "咖啡机", "iphone", "thinkpad", "20000000")] == [
        0,
        0,
        0,
        1,
        1,
        2,
        1,
    ]


def test_two_slips_in_long_words(tmp_path: Path) -> None:
    """logitceh and logtech are both logitech; it survives the disk."""
    Typos.make([(3, "logitech"), (4, "咖啡机")]).save(tmp_path, "typos")
    typos = Typos.open(tmp_path, "typos")
    assert typos.near("logitceh").tolist() == [3]
    assert typos.near("lgoitceh").tolist() == [3]
    assert typos.near("咖非机").tolist() == [4]
    assert typos.near("").tolist() == []

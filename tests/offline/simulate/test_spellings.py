"""Other ways to type a word."""

from __future__ import annotations

import numpy as np
import pytest

from offline.simulate import spellings


@pytest.mark.parametrize(
    ("word", "pinyin", "letters"),
    [
        ("咖啡机", "kafeiji", "kfj"),
        ("手机", "shouji", "sj"),
        ("T恤", "txu", "tx"),
    ],  # coffee machine, phone, T-shirt
)
def test_pinyin_and_initials(word: str, pinyin: str, letters: str) -> None:
    """Syllables without tones, and their first letters; Latin stays."""
    assert spellings.full_pinyin(word) == pinyin
    assert spellings.initials(word) == letters


def test_a_slip_of_a_chinese_word_sounds_the_same() -> None:
    """One character is another one of the same sound."""
    for seed in range(30):
        wrong = spellings.slip("咖啡机", np.random.default_rng(seed))
        assert wrong is not None
        assert wrong != "咖啡机"
        assert spellings.full_pinyin(wrong) == "kafeiji"
        assert sum(a != b for a, b in zip(wrong, "咖啡机", strict=True)) == 1


def test_a_slip_of_a_latin_word_swaps_two_neighbours() -> None:
    """The letters are the same, two of them have changed places; short words have no slip."""
    wrong = spellings.slip("philips", np.random.default_rng(0))
    assert wrong is not None
    assert wrong != "philips"
    assert sorted(wrong) == sorted("philips")
    assert spellings.slip("mi", np.random.default_rng(0)) is None


def test_traditional_characters() -> None:
    """The other script where it differs, None where it does not."""
    assert spellings.in_traditional("咖啡机") == "咖啡機"
    assert spellings.in_traditional("大米") is None

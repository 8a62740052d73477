"""How characters and texts sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing.text import build_analyser
from search.lexicon.pinyin import Readings, initials, plain, spellings
from search.lexicon.sounds import Speller, runs, sounded
from tests.search.shop import said


@pytest.fixture(scope="module")
def readings() -> Readings:
    return Readings.make(said)


@pytest.mark.parametrize(("reading", "typed"), [("lǜ", "lv"), ("nü3", "nv"), ("shǒu", "shou"), ("ń", "n")])
def test_plain(reading: str, typed: str) -> None:
    """Tones and numbers go, ü is typed v."""
    assert plain(reading) == typed


def test_readings_survive_the_disk(readings: Readings, tmp_path: Path) -> None:
    """Saved and opened, every character reads the same; what is not Chinese has no reading."""
    readings.save(tmp_path)
    opened = Readings.open(tmp_path)
    assert opened.of("手") == readings.of("手") == ("shou",)
    assert opened.of("机")[0] == "ji"
    assert set(opened.of("行")) >= {"hang", "xing"}
    assert opened.of("a") == opened.of("😀") == ()
    assert "shou" in opened.all
    assert "" not in opened.all


def test_words_decide_readings(readings: Readings) -> None:
    """银行 (bank) is yinhang and 行走 (walk) xingzou, though it is one character."""
    speller = Speller(said, readings, build_analyser([]))
    assert spellings(speller.units("银行"))[0] == "yinhang"
    assert spellings(speller.units("行走"))[0] == "xingzou"
    assert initials(speller.units("小米14手机")) == "xm14sj"
    assert sounded(speller.units("小米14pro手机")) == "xiao mi 14pro shou ji"


def test_unknown_characters_are_kept(readings: Readings) -> None:
    """A character without a reading stands for itself, side by side with the text."""
    speller = Speller(lambda text: [[text]], Readings.make(lambda text: [[text]]), None)
    assert sounded(speller.units("手机a")) == "手 机 a"
    assert [run for run, _ in runs("手机a")] == ["手机", "a"]
    assert runs("") == []


def test_spellings_are_few(readings: Readings) -> None:
    """Characters of several readings do not multiply without end."""
    assert len(spellings(readings.units("行" * 20))) == 4

"""Known-item search: the titles as marked, the forms of a query, and the three systems side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexing.contracts.errors import InputError
from offline.evaluate.known_item import bigrams, folded, known_item, queries, search_mode
from offline.evaluate.query_forms import FORMS, base_words, forms
from offline.evaluate.tagged_titles import FILES, TaggedTitle, read_titles

DATA = Path(__file__).parents[4] / "shared" / "data" / "chinese" / "titles-ner"
KETTLE = TaggedTitle("包邮美的烧水壶电热水壶mk-15k", ("美的",), ("烧水壶", "电热水壶", "水壶"))


def written(folder: Path, *titles: list[tuple[str, str]]) -> Path:
    """Each word with its kind: HP, HC, or O."""
    lines = []
    for title in titles:
        for word, kind in title:
            places = "S" if len(word) == 1 else "B" + "I" * (len(word) - 2) + "E"
            lines += [
                f"{c}\t{kind if kind == 'O' else f'{p}-{kind}'}" for c, p in zip(word, places, strict=True)
            ]
        lines.append("")
    for name in FILES:
        (folder / name).write_text("\n".join(lines) if name == FILES[0] else "", encoding="utf-8")
    return folder


def test_marked_words_are_read_with_their_kind(tmp_path: Path) -> None:
    """Brands and products in their order, each once; the same title twice is one."""
    title = [("美的", "HP"), ("新款", "O"), ("壶", "HC"), ("水壶", "HC"), ("美的", "HP")]
    assert read_titles(written(tmp_path, title, title)) == [
        TaggedTitle("美的新款壶水壶美的", ("美的",), ("壶", "水壶"))
    ]


@pytest.mark.parametrize("line", ["美", "美的\tO", "\tO"])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    """By file and number."""
    written(tmp_path)
    (tmp_path / FILES[1]).write_text(f"美\tO\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"dev.*line 2"):
        read_titles(tmp_path)


def test_forms_say_the_same_in_other_ways() -> None:
    """水壶 stands inside 电热水壶 and is no word of its own; 大衣 is the one that the title has not."""
    assert base_words(KETTLE) == ["美的", "烧水壶"]
    made = dict(forms(KETTLE, ["大衣", "热水器"], np.random.default_rng(1)))
    assert made["simplified"] == "美的 烧水壶"
    assert made["traditional"] == "美的 燒水壺"
    assert made["reversed"] == "烧水壶美的"
    assert sorted(made["a word too many"].split()) == ["大衣", "烧水壶", "美的"]
    assert "美的烧水壶" in made["selling words"]
    models = {form: query for form, query in made.items() if form.startswith("model")}
    assert models == {
        "model joined": "美的 mk15k",
        "model spaced": "美的 mk 15k",
        "model hyphenated": "美的 mk-15k",
    }
    assert "upper case" not in made  # 美的 has none
    latin = TaggedTitle("hello kitty大衣", ("hello kitty",), ("大衣",))
    made = dict(forms(latin, ["壶"], np.random.default_rng(1)))
    assert (made["upper case"], made["full-width"]) == ("HELLO KITTY 大衣", "ｈｅｌｌｏ ｋｉｔｔｙ 大衣")


def test_a_query_that_more_than_ten_titles_answer_is_not_asked() -> None:
    """No system could find the one that is meant."""
    same = [TaggedTitle(f"美的水壶{n}", ("美的",), ("水壶",)) for n in range(11)]
    one = TaggedTitle("苏泊尔炒锅", ("苏泊尔",), ("炒锅",))
    asked = queries([*same, one], per_form=100, seed=1)
    assert {ask.title for ask in asked} == {11}
    assert {ask.form for ask in asked} <= set(FORMS)
    assert asked == queries([*same, one], per_form=100, seed=1)


def test_the_baselines_see_what_any_engine_sees() -> None:
    """NFKC and lower case; a bigram never reaches over the end."""
    assert folded("ＭＫ-15") == "mk-15"
    assert bigrams("电水 壶") == ["电水", "水壶"]
    assert bigrams("壶") == ["壶"]
    assert {"热水", "水壶"} <= set(search_mode("电热水壶"))


@pytest.mark.slow
def test_real_titles_are_found_in_every_form() -> None:
    """In no form behind bigrams or jieba beyond the paired interval, and ahead of both over all."""
    if not DATA.is_dir():
        pytest.skip(f"no tagged titles at {DATA}")
    found = known_item(DATA, per_form=60, progress=lambda *_: None)
    assert found.titles > 4_900
    assert [one.form for one in found.forms] == list(FORMS)
    behind = [(one.form, name) for one in found.forms for name, over in one.over.items() if over.below]
    assert behind == []
    assert all(over.above for over in found.overall.over.values())
    assert found.overall.success["daogou"].mean > 0.97

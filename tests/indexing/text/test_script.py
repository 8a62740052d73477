"""Traditional to simplified, one character for one."""

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.text import fold, script
from indexing.text.script import simplify

HAN = st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=30)


@given(HAN)
def test_length_and_fixed_point(text):
    """The length stays, and what is simplified stays as it is."""
    simplified = simplify(text)
    assert len(simplified) == len(text)
    assert simplify(simplified) == simplified


@pytest.mark.parametrize(
    ("text", "simplified"), [("化粧水", "化妆水"), ("衞浴", "卫浴"), ("電腦枱", "电脑台")]
)
def test_forms_of_hong_kong(text, simplified):
    """Lotion, bathroom fittings, computer desk, as Hong Kong writes them."""
    assert simplify(text) == simplified


@pytest.mark.parametrize(("script", "most"), [("s2t", 0.0005), ("s2tw", 0.001), ("s2hk", 0.0005)])
def test_real_queries_come_back_from_every_traditional_script(real_queries, script, most):
    """Written in the standard of each place and folded again, real queries are what they were."""
    converter = opencc.OpenCC(script)
    queries = [fold(query) for query in real_queries[:30_000]]
    changed = [query for query in queries if fold(converter.convert(query)) != query]
    assert len(changed) <= most * len(queries)


def test_a_chain_of_forms_is_followed_to_its_end():
    """薴 becomes 苧, which becomes 苎."""
    assert simplify("薴") == simplify("苧") == "苎"


def test_a_conversion_that_changes_lengths_falls_back_to_characters(monkeypatch: pytest.MonkeyPatch):
    """Should a phrase of OpenCC's ever grow, each character is converted alone and offsets stay true."""
    real = script._converter()

    class Growing:
        def convert(self, text: str) -> str:
            return "優盤" if text == "隨身碟" else str(real.convert(text))

    monkeypatch.setattr(script, "_converter", Growing)
    assert script.simplify("隨身碟") == "随身碟"

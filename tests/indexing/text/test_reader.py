"""Texts read in pieces are those read whole."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.text import Reader


def spaced(tokens):
    return " ".join(token.text for token in tokens)


def same(analyser, texts):
    read = Reader(analyser)
    for _ in range(2):  # the second time from memory
        for text in texts:
            assert read(text) == (spaced(analyser.index(text)), spaced(analyser.characters(text)))


@settings(max_examples=600)
@given(st.data())
def test_words_and_characters_are_those_of_the_tokens(analyser, english, shop_text, any_text, data):
    """What documents are made of is what index and characters say, for any texts."""
    texts = data.draw(st.lists(shop_text | any_text, max_size=4))
    for one in (analyser, english):
        same(one, texts)


def test_a_run_is_completed_by_what_stands_before_it_alone(analyser):
    """The same 寸 (inch) and 恤 (shirt) after a number, a letter, a sign, a space and nothing."""
    texts = "5.5寸屏|寸屏|5.5 寸屏|5.5-寸屏|5.5★寸屏|7寸屏|A寸屏|T恤|TT恤|T 恤|3T恤|恤|2,000克|1*2米|é恤"
    same(analyser, texts.split("|"))


def test_long_pieces_are_read_too(analyser):
    """Longer than what is remembered, on both sides."""
    same(analyser, ["不锈钢保温杯" * 20 + " " + "hr-7633/" * 9 + "寸", "a" * 200 + "T恤"])

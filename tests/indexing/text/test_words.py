"""What the analyser takes of a shop's own words."""

from hypothesis import given
from hypothesis import strategies as st

from indexing.text.words import clean, compounds


def test_clean():
    """Folded, both parts of a mixed name, connectors out, shorter first; what is no word is dropped."""
    words = [
        "小米/MI Home",
        "ＴＰ－ＬＩＮＫ",
        "三隻松鼠",
        "水",
        "2026",
        "L'Oreal",
        "",
        "\ud800",
        "手机" * 7,
    ]
    assert clean(words) == ("小米", "home", "三只松鼠", "loreal", "tplink")


@given(st.lists(st.text(max_size=8)), st.randoms())
def test_the_order_of_the_words_does_not_matter(words, random):
    """The same words make the same analyser."""
    shuffled = words[:]
    random.shuffle(shuffled)
    assert clean(words) == clean(shuffled)
    assert clean(clean(words)) == clean(words)


def test_compounds_are_latin():
    """Han words are the segmenter's business."""
    assert "tplink" in compounds(["小米"])
    assert compounds(["小米", "hotwheels"]) - compounds([]) == {"hotwheels"}

"""English shops find plurals."""

import pytest


def texts(tokens):
    return [token.text for token in tokens]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("mugs", "Coffee Mug"),
        ("mug", "Coffee Mugs"),
        ("dress", "Red Dresses"),
        ("ladies", "Lady's bag"),
        ("t-shirts", "T SHIRT"),
    ],
)
def test_plurals_find_singulars_and_back(english, query, title):
    """mugs finds mug."""
    assert set(texts(english.query(query))) <= set(texts(english.index(title)))


def test_words_stay_beside_their_stems(english):
    """The word as written is an index token, too: synonyms and corrections name it."""
    assert texts(english.index("mugs")) == ["mugs", "mug"]


@pytest.mark.parametrize("word", ["gs", "xs", "ps5", "iphone15s", "nescafés"])
def test_only_plain_words_of_three_letters_have_stems(english, word):
    """Model numbers and sizes are left alone."""
    expected = {"nescafés": ["nescaf"]}.get(word, [word])
    assert texts(english.query(word)) == expected


def test_chinese_shops_keep_latin_words(analyser):
    """In a Chinese shop Airpods is a name."""
    assert texts(analyser.query("airpods mugs")) == ["airpods", "mugs"]


@pytest.mark.parametrize("language", ["en", "en-GB", "EN", "en_US"])
def test_language_tags(language):
    """Any English will do, and nothing that only begins like it."""
    from indexing.text.stems import stemmer

    assert stemmer(language) is not None
    assert stemmer("eng") is None
    assert stemmer("zh-CN") is None

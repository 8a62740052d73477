"""The analyser's three modes."""

from indexing.text import build_analyser


def texts(tokens):
    return [token.text for token in tokens]


def test_long_word_yields_its_true_parts_only():
    """智能手机 (smartphone) holds 智能 and 手机, never 能手 (expert)."""
    assert texts(build_analyser([]).index("智能手机")) == ["智能手机", "智能", "手机"]

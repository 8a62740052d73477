"""One form for one text, and the way back to the original characters."""

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.text import fold
from indexing.text.normalise import _PLAIN, _slowly, normalise
from indexing.text.script import simplify


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),  # full width
        ("ｶﾞﾗｽ", "ガラス"),  # half width kana, a voiced mark composes
        ("智慧型手機保護殼", "智慧型手机保护壳"),  # traditional: smartphone case
        ("著名的乾隆", "著名的乾隆"),  # famous; an emperor: neither is 着 nor 干
        ("蘋果㎏ﬁ½", "苹果kgfi1⁄2"),
        ("Straße İstanbul", "strasse i̇stanbul"),
        ("ㄱㅏ", "가"),  # compatibility jamo compose
        ("手\u200b机\ufeff \u202e贴\u00ad膜\x00", "手机 贴膜"),  # zero width, BOM, bidi, soft hyphen, NUL
        ("❤\ufe0f", "❤"),
        ("a\ud800b", "a\ufffdb"),
        ("  a\u3000\t\n b  ", "a b"),
        ("", ""),
        (" \u200b\u3000", ""),
    ],
)
def test_fold_gives_one_form(text, folded):
    """Width, case, script, ligatures, invisible characters and white space make no difference."""
    assert fold(text) == folded


def test_every_character_folds_to_a_fixed_point():
    """No code point of Unicode folds to something that folds further."""
    characters = map(chr, range(sys.maxunicode + 1))
    moving = [folded for c in characters if (folded := fold(c)) != c and fold(folded) != folded]
    assert moving == []


def test_the_fast_path_is_right_for_every_character_it_takes():
    """Characters called plain are untouched by NFKC, fold one for one, and agree with the slow path."""
    plain = [chr(code) for code in range(sys.maxunicode + 1) if _PLAIN(chr(code))]
    assert len(plain) > 40_000
    assert [c for c in plain if unicodedata.normalize("NFKC", c) != c or len(c.casefold()) != 1] == []
    assert [c for c in plain if _slowly(c).text != normalise(c).text] == []
    # and none of them composes with one beside it
    assert not any(unicodedata.combining(c) for c in plain)


@settings(max_examples=400)
@given(st.data())
def test_fold_is_idempotent(shop_text, any_text, data):
    """Folding what was folded changes nothing."""
    text = data.draw(shop_text | any_text)
    assert fold(fold(text)) == fold(text)


def test_marks_beyond_sixteen_are_dropped():
    """A heap of marks stays bounded and folds to a fixed point, also where one mark stands for two."""
    folded = fold("a" + "\u0344" * 40 + "b")
    assert len(folded) <= 18
    assert folded[-1] == "b"
    assert fold(folded) == folded


@settings(max_examples=400)
@given(st.data())
def test_cluster_by_cluster_is_unicode_normalisation(shop_text, any_text, data):
    """Apart from what is taken out, the result is what Unicode says for the whole text."""
    text = data.draw(shop_text | any_text)
    kept = "".join(c for c in text if _slowly(c).text)
    whole = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", kept).casefold())
    surrogates = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    assert fold(text) == " ".join(simplify(whole.translate(surrogates)).split())


@settings(max_examples=400)
@given(st.data())
def test_the_map_leads_back(shop_text, any_text, data):
    """Each normalised character names the original ones that it came from, in order."""
    text = data.draw(shop_text | any_text)
    result = _slowly(text)
    assert len(result.text) == len(result.starts) == len(result.ends)
    assert list(result.starts) == sorted(result.starts)
    for character, start, end in zip(result.text, result.starts, result.ends, strict=True):
        assert 0 <= start < end <= len(text)
        alone = _slowly(text[start:end]).text
        assert character in alone or simplify(alone) != alone or character in simplify(result.text)
        assert len(alone) == list(zip(result.starts, result.ends, strict=True)).count((start, end))


def test_ligature_and_unit_signs_keep_their_place():
    """㎏ is one original character for k and for g."""
    result = normalise("5㎏装")
    assert (result.text, list(result.starts), list(result.ends)) == ("5kg装", [0, 1, 1, 2], [1, 2, 2, 3])


@pytest.mark.timeout(30)
@pytest.mark.parametrize("piece", ["e\u0301\u0327", "\u0301\u0327", "手\u200b", "㎏", "ᄀ", "\ud800"])
def test_time_is_linear(piece):
    """A quadratic pass over 400,000 characters would not end within the limit."""
    text = piece * (400_000 // len(piece))
    assert fold(fold(text)) == fold(text)

"""Model numbers however they are spaced, sizes and units."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexing.text import Analyser, build_analyser
from indexing.text.units import FIRM, LOOSE


def finds(analyser: Analyser, query: str, title: str) -> bool:
    """Whether every token of the query is among those of the title."""
    wanted = {token.text for token in analyser.query(query)}
    return bool(wanted) and wanted <= {token.text for token in analyser.index(title)}


SPELLINGS = [
    ("iPhone15", "iPhone 15", "IPHONE-15", "ｉＰｈｏｎｅ１５", "iphone　15"),
    ("HR7633", "HR 7633", "HR-7633", "hr7633"),
    ("WH-1000XM4", "WH1000XM4", "wh 1000 xm4", "WH1000 XM4", "WH 1000XM 4"),
    ("A7M3", "a7 m3", "A7-M3"),
    ("256GB", "256 GB", "256gb", "256G", "２５６ＧＢ"),
    ("5.5寸", "5.5英寸", "5.5 英寸", "5.5inch", "5.5 inches", "５.５吋"),
    ("1.5L", "1.5 L", "1.5升", "1.5 升", "1.5l"),
    ("500毫升", "500ml", "500 ML", "500ＭＬ"),
    ("2公斤", "2kg", "2 KG", "2千克", "2㎏"),
    ("300克", "300g", "300 g"),
    ("5000毫安", "5000毫安时", "5000mAh", "5,000 mAh"),
    ("65W", "65瓦", "65 w"),
    ("TP-LINK", "tplink", "tp link", "TP LINK"),
    ("T恤", "t 恤", "Ｔ恤"),
    ("T-shirt", "tshirt", "T shirt"),
    ("30*40cm", "30×40cm", "30x40CM", "30 * 40 cm"),
    ("iPhone15ProMax", "iPhone 15 Pro Max", "iphone15 pro max", "iPhone-15 ProMax"),
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0])
def test_every_spelling_finds_every_other(analyser, spellings):
    """What shoppers write for one thing is one thing, alone and in the midst of a title."""
    missed = [
        (query, title)
        for query in spellings
        for title in spellings
        if not finds(analyser, query, f"全新正品 {title} 官方旗舰店")
    ]
    # two words apart are two words, unless they are known to be one: nobody can know that promax is pro max
    allowed = {("iPhone 15 Pro Max", "iPhone15ProMax"), ("iPhone 15 Pro Max", "iPhone-15 ProMax")}
    allowed |= {("iphone15 pro max", title) for title in ("iPhone15ProMax", "iPhone-15 ProMax")}
    assert set(missed) <= allowed


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("HR7633", "飞利浦HR7633/00榨汁机"),  # juicer
        ("hr 7633", "飞利浦HR7633/00榨汁机"),
        ("hr7633/00", "飞利浦 HR-7633/00 榨汁机"),
        ("hr763300", "飞利浦HR7633/00"),
        ("iphone15", "适用iPhone 15 Pro Max 手机壳"),
        ("15pro", "苹果iPhone 15 Pro"),
        ("8g256g", "小米 8GB+256GB"),
        ("8+256", "小米 8GB+256GB"),
        ("10000mah", "10,000mAh充电宝"),  # power bank
        ("loreal", "L'Oréal 欧莱雅"),
        ("drmartens", "Dr. Martens"),
        ("usb3.0", "USB 3.0 U盘"),
        ("u盘", "Ｕ盘 64G"),
        ("v领", "V领连衣裙"),  # V-neck
    ],
)
def test_shorter_and_looser_queries_find(analyser, query, title):
    """A part of a model number, or its usual abbreviation, is enough."""
    assert finds(analyser, query, title)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("iphone15", "iPhone 14 充电器 15W"),  # written together it is one thing
        ("a7m3", "A 7 寸 M 3 件"),
        ("256gb", "128GB 256 元"),
        ("2升", "2升级版"),  # 2 litres; upgrade
        ("100克", "100克拉"),  # gram; carat
        ("24.26", "24-26"),
        ("2426", "24-26 24/26码"),
        ("12", "1/2"),
    ],
)
def test_what_is_not_meant_is_not_found(analyser, query, title):
    """Joins stand for neighbours only, units for words of their own."""
    assert not finds(analyser, query, title)


def test_model_numbers_of_real_titles_however_they_are_spaced(analyser, real_titles):
    """Every model number of 5,000 real titles, respaced, finds its own title (but for "7 pcs 3 inch")."""
    tried, missed = 0, []
    for title in real_titles:
        for found in re.finditer(
            "(?<![a-z0-9])[a-z]{1,8}[- ]?[0-9]{1,6}[a-z]{0,3}(?![a-z0-9.])", title.lower()
        ):
            segments = re.findall("[a-z]+|[0-9]+", found.group())
            for query in ("".join(segments), " ".join(segments), "-".join(segments).upper()):
                tried += 1
                if not finds(analyser, query, title):
                    missed.append((query, title))
    assert tried > 2500
    assert len(missed) <= 2


letters = st.text("abcdehikmnopqrstuxyz", min_size=1, max_size=5) | st.sampled_from(sorted(FIRM | LOOSE))
digits = st.text("0123456789", min_size=1, max_size=5)
gaps = st.sampled_from(["", "", " ", "-", "_", ".", "/", "　"])


@st.composite
def two_spellings(draw):
    """A model number of up to six segments, written twice: any gap where letters meet digits."""
    kinds = [letters, digits] if draw(st.booleans()) else [digits, letters]
    segments = [draw(kinds[place % 2]) for place in range(draw(st.integers(2, 6)))]

    def write() -> str:
        text = segments[0]
        for segment in segments[1:]:
            text += draw(gaps) + segment
        return text.upper() if draw(st.booleans()) else text

    return write(), write()


@settings(max_examples=600)
@example(("a0a0 cm0", "a0a0cm　0"))
@example(("a5/kb", "a 5kb"))
@given(two_spellings())
def test_any_spelling_of_any_model_number_finds_any_other(analyser, spellings):
    """Case and whatever stands between letters and digits make no difference, within a title either."""
    query, title = spellings
    assert finds(analyser, query, title)
    assert finds(analyser, query, f"小米{title}，正品")


@given(st.text("abcdefgh", min_size=2, max_size=6), st.text("abcdefgh", min_size=2, max_size=6))
def test_a_known_compound_may_be_written_apart(english, left, right):
    """A shop that knows TP-LINK finds tplink, tp-link and tp link by each of them."""
    knowing = build_analyser([f"{left}-{right}"])
    assert knowing.segmenter is english.segmenter  # or each example would load the dictionary again
    spellings = [f"{left}{right}", f"{left}-{right}", f"{left} {right}"]
    assert all(finds(knowing, query, title) for query in spellings for title in spellings)


def test_two_words_in_a_query_need_not_be_neighbours(analyser):
    """nike 42 finds a shoe of size 42, wherever the title says so."""
    assert finds(analyser, "nike 42", "42码 男鞋 Nike Air")
    assert [token.text for token in analyser.query("nike 42")] == ["nike", "42"]


def test_index_and_query_tokens_of_a_model_number(analyser):
    """The whole, its parts and the joins of neighbours; one token for a query."""
    assert {token.text for token in analyser.index("iPhone15")} == {"iphone15", "iphone", "15"}
    assert [token.text for token in analyser.query("iPhone15")] == ["iphone15"]
    assert [token.text for token in analyser.query("iPhone15ProMax256GB")] == ["iphone15promax", "256gb"]
    assert [token.text for token in analyser.query("A1B2C3D4E5")] == ["a1b2", "c3d4", "e5"]


def test_joins_that_nobody_would_write_are_not_made(analyser):
    """A measure stands for itself, and long words are no model number: the index stays small."""
    title = "iPhone 15 Pro Max 256 GB Silver Edition"
    tokens = [token.text for token in analyser.index(title)]
    assert tokens[:7] == ["iphone", "iphone15", "iphone15pro", "iphone15promax", "15", "15pro", "15promax"]
    assert tokens[7:10] == ["pro", "promax", "max"]
    assert tokens[10:] == ["256", "256gb", "256g", "gb", "silver", "edition"]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("piece", ["a1", "a ", "1 ", "a-", "1,", "1.", "1*", "8gb", "- ", "1,000"])
def test_time_is_linear(analyser, piece):
    """A quadratic pass over 100,000 characters of a chain would not end within the limit."""
    text = piece * (100_000 // len(piece))
    assert {token.text for token in analyser.query(text)} <= {token.text for token in analyser.index(text)}

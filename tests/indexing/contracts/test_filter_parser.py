"""Filter text gives the tree it means, or an error that points at the fault."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.errors import FilterError
from indexing.contracts.filter_parser import MAX_DEPTH, MAX_LENGTH, parse
from indexing.contracts.filters import And, Compare, Exists, Filter, In, Not, Or
from tests.indexing.contracts.filter_trees import KINDS

_TIMES = '"2024-05-01"'


def read(text: str, limit: int = MAX_LENGTH) -> Filter:
    return parse(text, KINDS, fold=str.lower, limit=limit)


def fault(text: str, limit: int = MAX_LENGTH) -> FilterError:
    with pytest.raises(FilterError) as caught:
        read(text, limit)
    assert caught.value.field == "filter"
    return caught.value


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("in_stock", Compare("in_stock", "=", True)),
        ("in_stock = false", Compare("in_stock", "=", False)),
        ("in_stock != TRUE", Compare("in_stock", "!=", True)),
        ("price_minor <= -1.5e3", Compare("price_minor", "<=", -1500.0)),
        ('brand = "Apple"', Compare("brand", "=", "apple")),
        (r"brand = 'a\'b\\'", Compare("brand", "=", "a'b\\")),
        ('item_id = "ABC"', Compare("item_id", "=", "ABC")),
        ('group_id IN ("A", "a")', In("group_id", ("A", "a"))),
        ('颜色 = "红"', Compare("attributes.颜色", "=", "红")),
        ('attributes.颜色="红"', Compare("attributes.颜色", "=", "红")),
        ("attributes.new", Compare("attributes.new", "=", True)),
        ("exists rating", Exists("rating")),
        ("price_minor in (1, 2)", In("price_minor", (1.0, 2.0))),
        ('created_at > "1970-01-02"', Compare("created_at", ">", 86_400.0)),
        ('created_at > "1970-01-02T08:00:00.5+08:00"', Compare("created_at", ">", 86_400.5)),
        ('created_at > "1970-01-02t00:00:00z"', Compare("created_at", ">", 86_400.0)),
        ("NOT NOT in_stock", Not(Not(Compare("in_stock", "=", True)))),
        ("((in_stock))", Compare("in_stock", "=", True)),
    ],
)
def test_each_form_gives_its_tree(text: str, tree: Filter) -> None:
    """Every kind of comparison, with names made canonical, text folded but ids, times in seconds."""
    assert read(text) == tree


def test_and_binds_closer_than_or_and_not_closest() -> None:
    """``a OR NOT b AND c`` is ``a OR ((NOT b) AND c)``."""
    a, b, c = (Compare(f, "=", True) for f in ("in_stock", "attributes.new", "in_stock"))
    assert read("in_stock OR NOT new AND in_stock") == Or((a, And((Not(b), c))))
    assert read("(in_stock or not new) AND in_stock") == And((Or((a, Not(b))), c))


def test_full_width_punctuation_is_the_same_language() -> None:
    """What a Chinese keyboard gives reads as the half-width text."""
    plain = read('brand IN ("小米", "华为") AND price_minor <= 5 AND rating >= 4 AND brand != "a"')
    assert (
        read("brand IN （“小米”，‘华为’） AND price_minor ≤ 5 AND rating ＞＝4 AND brand ！＝ “a”") == plain
    )


@pytest.mark.parametrize(
    ("text", "code", "position", "expected"),
    [
        ("", "syntax", 0, "EXISTS"),
        ("in_stock AND", "syntax", 12, "brand"),
        ("(in_stock", "syntax", 9, ")"),
        ("in_stock)", "syntax", 8, "AND"),
        ("in_stock rating", "syntax", 9, "OR"),
        ("brand = 小米", "syntax", 8, '"text"'),
        ('brand = "小米', "syntax", 8, '"text"'),
        ('brand IN ("a" "b")', "syntax", 14, ","),
        ("brand IN ()", "syntax", 10, '"text"'),
        ("price_minor < 5kg", "syntax", 14, "a number"),
        ("# in_stock", "syntax", 0, "NOT"),
        ("in_stock AND brnd = 'x'", "unknown_field", 13, "brand"),
        ("颜 = 'x'", "unknown_field", 0, "attributes.颜色"),
        ("brand", "wrong_type", 5, "="),
        ("brand < 'a'", "wrong_type", 6, "!="),
        ("brand = 5", "wrong_type", 8, '"text"'),
        ("price_minor = '5'", "wrong_type", 14, "a number"),
        ("price_minor < 1e999", "wrong_type", 14, "a number"),
        ("price_minor IN (1, 'x')", "wrong_type", 19, "a number"),
        ("in_stock = 1", "wrong_type", 11, "true"),
        ("created_at > 5", "wrong_type", 13, _TIMES),
        ("created_at > '2024-02-30'", "wrong_type", 13, _TIMES),
        ("created_at > '2024-02-03T08:00:00'", "wrong_type", 13, _TIMES),
        ("created_at > '0001-01-01T00:00:00+10:00'", "wrong_type", 13, _TIMES),
    ],
)
def test_a_fault_has_its_code_its_place_and_what_could_stand_there(
    text: str, code: str, position: int, expected: str
) -> None:
    """The position is the 0-based code point at fault, and ``expected`` names known things."""
    error = fault(text)
    assert (error.code, error.position) == (code, position)
    assert expected in error.expected
    assert error.expected == tuple(sorted(error.expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(brand", ("!=", "=", "IN")),
        ("(rating", ("!=", "<", "<=", "=", ">", ">=", "IN")),
        ("in_stock )", ("!=", "=", "AND", "IN", "OR", "the end")),
        ("brand = ", ('"text"',)),
        ("颜色 IN (", ('"text"',)),
        ("in_stock = ", ("false", "true")),
        ("created_at > now", ('"2024-05-01"', '"2024-05-01T08:00:00Z"')),
    ],
)
def test_after_a_field_only_what_suits_its_kind_is_expected(text: str, expected: tuple[str, ...]) -> None:
    """Nobody is told to compare a brand with a number."""
    assert (fault(text).code, fault(text).expected) == ("syntax", expected)


def test_an_unknown_field_without_a_near_name_lists_every_field() -> None:
    """Somebody who is quite wrong sees all that is known."""
    assert fault("qqqq = 1").expected == tuple(sorted(KINDS))


def test_a_bare_name_is_the_fixed_field_before_an_attribute_of_that_name() -> None:
    """A shop that declares an attribute ``brand`` names it in full."""
    kinds = KINDS | {"attributes.brand": "number"}
    assert parse("brand = 'X'", kinds, fold=str.lower) == Compare("brand", "=", "x")
    assert parse("attributes.brand = 1", kinds, fold=str.lower) == Compare("attributes.brand", "=", 1.0)


def test_length_is_limited() -> None:
    """The limit is exact, and the error stands where the text is cut."""
    text = "in_stock".ljust(MAX_LENGTH)
    assert read(text) == Compare("in_stock", "=", True)
    error = fault(text + " ")
    assert (error.code, error.position) == ("too_long", MAX_LENGTH)


@pytest.mark.parametrize(("opening", "closing"), [("NOT ", ""), ("(", ")"), ("NOT (", ")")])
def test_depth_is_limited(opening: str, closing: str) -> None:
    """NOTs and brackets count together; the error stands at the first that is too deep."""
    each = len([part for part in ("NOT", "(") if part in opening])
    most = MAX_DEPTH // each
    assert read(opening * most + "in_stock" + closing * most)
    error = fault(opening * (most + 1) + "in_stock" + closing * (most + 1))
    assert (error.code, error.position) == ("too_deep", most * len(opening))


def test_what_stands_beside_does_not_add_to_the_depth() -> None:
    """A long flat filter is not deep."""
    assert len(read(" AND ".join(["NOT (in_stock)"] * 100)).parts) == 100  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["(" * 50_000, "NOT " * 50_000, "((NOT" * 20_000])
def test_a_caller_with_a_higher_limit_cannot_exhaust_the_stack(text: str) -> None:
    """Depth is found before anything calls itself."""
    assert fault(text, limit=10**6).code == "too_deep"


def test_values_of_one_in_are_limited() -> None:
    """1,000 are taken, one more is an error at that value."""
    values = ["1"] * 1_000
    assert read(f"price_minor IN ({','.join(values)})", 10**5)
    error = fault(f"price_minor IN ({','.join([*values, '7'])})", 10**5)
    assert (error.code, error.position) == ("too_many", len("price_minor IN (") + 2_000)


_PIECES = [
    *KINDS,
    "颜色",
    "AND",
    "or",
    "NOT",
    "IN",
    "EXISTS",
    "(",
    ")",
    ",",
    "，",
    "=",
    "!=",
    "<=",
    "“",
    "”",
]
_PIECES += [
    "'a'",
    '"',
    "\\",
    "1",
    "-2.5e9",
    "1e999",
    "true",
    "'2024-01-01'",
    "\ud800",
    "\x00",
    "\u200b",
    "。",
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_PIECES), max_size=14).map(" ".join)))
def test_any_text_gives_a_tree_or_a_filter_error(text: str) -> None:
    """Hostile text included; the position lies in the text or at its end."""
    outcome = outcome_of(text)
    if isinstance(outcome, FilterError):
        assert 0 <= outcome.position <= len(text)
        assert outcome.code in {"syntax", "unknown_field", "wrong_type", "too_deep"}
    else:
        assert isinstance(outcome, Filter)


def outcome_of(text: str) -> Filter | FilterError:
    try:
        return read(text)
    except FilterError as error:
        return error


def test_threads_share_the_grammar() -> None:
    """Eight threads read different filters at once, each rightly."""
    numbers = range(200)
    texts = [f"price_minor < {number} AND NOT brand = 'b{number}'" for number in numbers]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, texts)) == [
            And((Compare("price_minor", "<", float(number)), Not(Compare("brand", "=", f"b{number}"))))
            for number in numbers
        ]


def test_what_was_read_once_is_read_for_its_fields() -> None:
    """The same text is another filter in another shop, or folded otherwise, and a fault stays one."""
    text = "in_stock AND brand = 'A'"
    assert read(text) is read(text)
    assert parse(text, KINDS, fold=str.upper) != read(text)
    for _ in range(2):
        with pytest.raises(FilterError):
            parse(text, {"in_stock": "flag"}, fold=str.lower)

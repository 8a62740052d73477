"""The rungs of the ladder, in order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from indexing.lexical.base import Term
from search.ladder import loosened, rungs
from search.understand import QueryTerm


def term(text: str, role: str = "word", frequency: int = 1_000) -> QueryTerm:
    return QueryTerm(text, Term(((text, 1.0),)), role, frequency, tuple(text))  # type: ignore[arg-type]


def seen(terms: list[QueryTerm], *, priced: bool = False) -> list[tuple[str, str, int | None]]:
    return [
        (" ".join(one.text for one in rung.terms), " ".join(rung.dropped), rung.minimum)
        for rung in rungs(terms, priced=priced)
    ]


def test_what_is_sold_is_kept() -> None:
    """With a category among them: without one other term, the frequent and the plain before a brand."""
    terms = [term("小米", "brand", 9_000), term("红色", "attribute", 500), term("大", "word", 900)]
    terms.append(term("连衣裙", "category", 300))
    assert seen(terms)[:4] == [
        ("小米 红色 大 连衣裙", "", None),
        ("小米 红色 连衣裙", "大", None),
        ("小米 大 连衣裙", "红色", None),
        ("红色 大 连衣裙", "小米", None),
    ]
    assert [minimum for _, _, minimum in seen(terms)[4:]] == [3, 2, 1]


def test_price_then_unknown_words() -> None:
    """The price is given up before a word is, and words that nobody has before all others."""
    terms = [term("充电器"), term("护宝星", "unknown", 0), term("快充")]
    assert [(dropped, minimum) for _, dropped, minimum in seen(terms, priced=True)] == [
        ("", None),
        ("", None),  # rarer words also as neighbouring characters
        ("price", None),
        ("price 护宝星", None),
        ("price 护宝星", 1),
    ]


def test_a_character_of_something_longer_carries_no_rung() -> None:
    """Of 铁丝拧紧器 only 器 is known, of 正泰 nothing has both; one slip in 充电宝 leaves two of it."""
    tool = [term("铁丝", "unknown", 0), term("拧紧", "unknown", 0), replace(term("器"), share=0.58)]
    name = [replace(term(one), share=0.71) for one in "正泰"]
    for terms in (tool, name):
        assert {(dropped, minimum) for _, dropped, minimum in seen(terms)} == {("", None)}
    slip = [replace(term(one), share=0.58) for one in "充店宝"]
    assert seen(slip)[1:] == [("充 店 宝", "", 2)]
    unknown = [slip[0], replace(term("店", "unknown", 0), share=0.58), slip[2]]
    assert seen(unknown)[-1] == ("充 宝", "店", None)


def test_a_character_that_is_a_word_carries_one() -> None:
    """鞋 typed by itself, or a category; and beside a word, for it may be what is sold."""
    alone, kind = term("鞋"), replace(term("鞋", "category"), share=0.71)
    for one in (alone, kind):
        assert seen([term("金属", "unknown", 0), one])[-1] == ("鞋", "金属", None)
    assert seen([term("黑色", "attribute"), replace(alone, share=0.71)])[-1] == ("黑色 鞋", "", 1)


def test_only_unknown_words() -> None:
    """They are kept, for there is nothing else."""
    assert seen([term("xq", "unknown", 0), term("zj", "unknown", 0)])[-1] == ("xq zj", "", 1)


@given(st.lists(st.sampled_from(["category", "brand", "word", "unknown"]), min_size=1, max_size=30))
def test_few_rungs(roles: list[str]) -> None:
    """However long a query is, there are at most eleven rungs, the first being the strictest."""
    terms = [term(f"词{number}", role, 10 * number) for number, role in enumerate(roles)]
    found = list(rungs(terms, priced=True))
    assert len(found) <= 11
    assert found[0].terms == tuple(terms)
    minimums = [rung.minimum for rung in found if rung.minimum is not None]
    assert minimums == sorted(minimums, reverse=True)
    assert all(rung.terms for rung in found)


def test_loosened() -> None:
    """Rare Chinese words also match as characters; frequent, Latin and single ones do not."""
    assert loosened(term("冬装", frequency=50), 1_000).term.phrases == (("冬", "装"),)
    assert loosened(term("冬装", frequency=4_000), 1_000_000).term.phrases == (("冬", "装"),)
    for one in (term("手机"), term("iphone", frequency=3), term("鞋", frequency=3)):
        assert loosened(one, 1_000) == one


def test_terms_count_for_their_shares_where_not_all_must_match() -> None:
    """In full while all must match."""
    part = replace(term("礼服"), share=0.5)
    weights = {
        rung.minimum: [one.term.weight for one in rung.terms]
        for rung in rungs([term("外套"), part], priced=False)
    }
    assert weights == {None: [1.0, 1.0], 1: [1.0, 0.5]}

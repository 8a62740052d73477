"""The guarantees of ``base.py`` over any implementation: its test class inherits :class:`Conformance`.

Values are compared with the oracle's, which is compared with values written by hand. Scores are not
compared between engines: an engine's order must follow its own scores, equal ones by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import pytest
from hypothesis import strategies as st

from indexing.contracts.errors import InputError
from indexing.contracts.filters import Compare, Exists, In, Not
from indexing.lexical.base import (
    Document,
    FacetCount,
    FacetStats,
    Hits,
    LexicalIndex,
    LexicalQuery,
    Sort,
    Term,
)
from indexing.lexical.oracle import OracleIndex
from tests.indexing.contracts.filter_trees import IDS, KINDS, POOLS, field_values, trees

WORDS = ["手机", "华为", "苹果", "壳", "iphone15", "coffee", "机"]
CHARACTERS = ["手", "机", "华", "为", "壳", "iphone15"]
TEXTS = [name for name, kind in KINDS.items() if kind in {"text", "texts"} and name != "item_id"]
NUMBERS = [name for name, kind in KINDS.items() if kind in {"number", "time"}]
FLAGS = [name for name, kind in KINDS.items() if kind == "flag"]
FACETS = TEXTS + NUMBERS + FLAGS
RANGES = {name: [(None, 0.0), (0.0, 5.0), (5.0, None), (1.0, 20_000.0), (3.0, 2.0)] for name in NUMBERS}


class Store(LexicalIndex, Protocol):
    """An index that can be written, with what was committed visible at once."""

    def put(self, documents: Iterable[Document]) -> None: ...
    def delete(self, rows: Iterable[int]) -> None: ...
    def commit(self) -> None: ...


def made(row: int, words: str = "", characters: str = "", **values: Any) -> Document:
    """A document, its words and characters parted by spaces."""
    return Document(row, words.split(), characters.split(), {"item_id": f"id{row}"} | values)


def term(*words: str, phrases: Sequence[str] = (), weight: float = 1.0, boost: float = 1.0) -> Term:
    """A term of words, the first in full, and phrases parted by spaces."""
    boosts = [1.0] + [boost] * len(words)
    parts = tuple(tuple(phrase.split()) for phrase in phrases)
    return Term(tuple(zip(words, boosts, strict=False)), parts, weight)


@st.composite
def documents(draw: st.DrawFn, row: int) -> Document:
    words = draw(st.lists(st.sampled_from(WORDS), max_size=5))
    characters = draw(st.lists(st.sampled_from(CHARACTERS), max_size=6))
    return Document(row, words, characters, draw(field_values(IDS[row])))


@st.composite
def batches(draw: st.DrawFn) -> list[tuple[list[Document], list[int]]]:
    """Commits: documents put, some of them again, and rows deleted."""
    batch = st.tuples(
        st.lists(st.integers(0, 14), max_size=8).flatmap(lambda rows: st.tuples(*map(documents, rows))),
        st.lists(st.integers(0, 14), max_size=2),
    )
    return [(list(put), gone) for put, gone in draw(st.lists(batch, min_size=1, max_size=3))]


_ONE = st.builds(
    Term,
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([1.0, 0.5])), max_size=3).map(tuple),
    st.lists(st.lists(st.sampled_from(CHARACTERS), min_size=1, max_size=3).map(tuple), max_size=2).map(
        tuple
    ),
    st.sampled_from([1.0, 2.0]),
)
_REFINE = st.dictionaries(
    st.sampled_from(TEXTS + FLAGS + ["price_minor", "created_at"]), st.integers(0, 3), max_size=3
)


def _refined(chosen: dict[str, int]) -> dict[str, tuple[str, ...]]:
    values = {"flag": ["true", "false"], "number": ["..1", "1..20000", "4.5", "0..", "5..6"]}
    values |= {"time": ["0..1700000000.25", "..0"], "text": POOLS["text"], "texts": POOLS["texts"]}
    return {name: tuple(values[KINDS[name]][:most]) for name, most in chosen.items()}


QUERIES = st.builds(
    LexicalQuery,
    st.lists(_ONE, max_size=3).map(tuple),
    st.none() | st.integers(0, 4),
    st.none() | trees(),
    _REFINE.map(_refined),
    st.lists(_ONE, max_size=2).map(tuple),
)
SORTS = st.builds(Sort, st.sampled_from(NUMBERS + FLAGS), st.booleans())


def filled(store: Store, commits: list[tuple[list[Document], list[int]]]) -> Store:
    for put, gone in commits:
        store.put(put)
        store.delete(gone)
        store.commit()
    return store


def facets_equal(found: Any, wanted: Any) -> None:
    assert list(found.counts) == list(wanted.counts)
    assert found.counts == wanted.counts
    assert found.stats.keys() == wanted.stats.keys()
    for name, stats in found.stats.items():
        other = wanted.stats[name]
        assert replace(stats, mean=None) == replace(other, mean=None)
        assert stats.mean == (other.mean if other.mean is None else pytest.approx(other.mean))


def ordered(hits: Hits) -> bool:
    """By score, equal scores by row."""
    keys = list(zip(-hits.scores, hits.rows, strict=True))
    return keys == sorted(keys)


def agrees_with_the_oracle(
    opened: Callable[[], AbstractContextManager[Store]], data: st.DataObject
) -> None:
    """Guarantees 1 to 5 over any documents, put, put again and deleted, and any query. Called by a test of
    each implementation's own, since hypothesis wants one class for each property."""
    commits = data.draw(batches())
    oracle = filled(OracleIndex(KINDS), commits)
    with opened() as store:
        filled(store, commits)
        for _ in range(6):
            query = data.draw(QUERIES)
            hits_agree(store, oracle, query, data)
            most = data.draw(st.sampled_from([0, 1, 2, 20]))
            fields = data.draw(st.lists(st.sampled_from(FACETS), unique=True))
            facets_equal(
                store.facets(query, fields, most=most, ranges=RANGES),
                oracle.facets(query, fields, most=most, ranges=RANGES),
            )


def hits_agree(store: Store, oracle: OracleIndex, query: LexicalQuery, data: st.DataObject) -> None:
    sort = data.draw(st.none() | SORTS)
    wanted = oracle.search(query, limit=100, sort=sort)
    whole = store.search(query, limit=100, sort=sort)
    assert (whole.rows.dtype, whole.scores.dtype) == (np.int32, np.float32)
    assert whole.total == wanted.total == store.count(query)
    if sort is None and query.terms:
        assert sorted(whole.rows) == sorted(wanted.rows)
        assert ordered(whole)
    else:
        assert whole.rows.tolist() == wanted.rows.tolist()
        assert not whole.scores.any()
    offset, limit = data.draw(st.tuples(st.integers(0, 6), st.integers(0, 6)))
    page = store.search(query, limit=limit, offset=offset, sort=sort)
    assert page.rows.tolist() == whole.rows[offset : offset + limit].tolist()
    assert page.total == whole.total


class Conformance:
    """Inherit, and say how a fresh, empty store is opened."""

    def opened(self) -> AbstractContextManager[Store]:
        raise NotImplementedError

    @pytest.fixture
    def store(self) -> Iterator[Store]:
        with self.opened() as store:
            yield store

    def test_an_empty_index_answers(self, store: Store) -> None:
        """No hits, no counts, no frequency."""
        store.commit()
        assert store.search(LexicalQuery(), limit=10).total == 0
        assert store.count(LexicalQuery((term("手机"),))) == 0
        found = store.facets(
            LexicalQuery(), ["brand", "price_minor"], ranges={"price_minor": [(0.0, None)]}
        )
        assert found.counts == {"brand": (), "price_minor": (FacetCount("0..", 0),)}
        assert found.stats == {"price_minor": FacetStats(0, None, None, None)}
        assert store.document_frequency("手机") == 0

    def test_a_term_matches_by_a_word_or_by_neighbouring_characters(self, store: Store) -> None:
        """Guarantee 1: never by parts of a word, nor by characters that are apart or in another order."""
        store.put(
            [
                made(0, "手机", "手 机"),
                made(1, "手 机", "手 x 机"),
                made(2, "", "机 手 机"),
                made(3, "手机壳", "机 手"),
            ]
        )
        store.commit()

        def rows(*terms: Term) -> list[int]:
            return sorted(store.search(LexicalQuery(terms), limit=10).rows.tolist())

        assert rows(term("手机")) == [0]
        assert rows(term(phrases=["手 机"])) == [0, 2]
        assert rows(term("手机壳", phrases=["手 x 机"])) == [1, 3]
        assert rows(term(phrases=["x"])) == [1]
        assert rows(term("手", "手机壳")) == [1, 3]
        assert rows(term("手", "手机壳"), term(phrases=["机 手"])) == [3]
        assert rows(term()) == []

    def test_some_of_the_terms_are_enough_when_asked(self, store: Store) -> None:
        """``minimum``: none, one, two, all, and more than there are."""
        store.put([made(0, "a b c"), made(1, "a b"), made(2, "c"), made(3, "d")])
        store.commit()
        terms = (term("a"), term("b"), term("c"))
        totals = [store.count(LexicalQuery(terms, minimum)) for minimum in (0, 1, 2, 3, 4, None)]
        assert totals == [4, 3, 2, 1, 0, 1]
        assert store.count(LexicalQuery((), 2)) == 4

    def test_more_terms_rarer_words_and_higher_boosts_score_more(self, store: Store) -> None:
        """What an order by score must respect in any engine."""
        store.put([made(row, f"common {'rare' if row == 7 else 'usual'}") for row in range(10)])
        store.commit()
        first = store.search(LexicalQuery((term("common"), term("rare")), 1), limit=3)
        assert first.rows[0] == 7
        boosted = store.search(LexicalQuery((term("common", "rare", boost=1.0),)), limit=10)
        faint = store.search(LexicalQuery((term("common", "rare", boost=0.001),)), limit=10)
        assert boosted.rows[0] == 7
        assert faint.rows.tolist() == list(range(10))
        store.put([made(20, "left"), made(21, "right")])
        store.commit()
        for weights in ((2.0, 1.0), (1.0, 2.0)):
            terms = tuple(
                term(w, weight=weight) for w, weight in zip(("left", "right"), weights, strict=True)
            )
            order = store.search(LexicalQuery(terms, 1), limit=2).rows.tolist()
            assert order == ([20, 21] if weights[0] > 1 else [21, 20])

    def test_optional_terms_order_and_exclude_nothing(self, store: Store) -> None:
        """They bring what holds them to the front; neither total, facets nor another order sees them."""
        words = ["phone gift", "phone"] * 4
        store.put([made(row, text, price_minor=float(row)) for row, text in enumerate(words)])
        store.put([made(8, "gift")])
        store.commit()
        query = LexicalQuery((term("phone"),), optional=(term("gift"),))
        hits = store.search(query, limit=20)
        assert hits.rows.tolist() == [0, 2, 4, 6, 1, 3, 5, 7]
        assert hits.total == store.count(query) == 8
        assert store.search(query, limit=20, sort=Sort("price_minor")).rows.tolist() == list(range(8))
        assert store.facets(query, ["price_minor"]).stats["price_minor"].count == 8
        nothing = LexicalQuery(optional=(term("gift"),))
        assert store.search(nothing, limit=20).rows.tolist() == list(range(9))

    def test_equal_scores_come_by_row_also_after_documents_were_put_again(self, store: Store) -> None:
        """Guarantee 3 on every page, however the documents came: late, again, and in several commits."""
        store.put([made(row, "手机") for row in range(300)])
        store.commit()
        rng = np.random.default_rng(11)
        for again in (rng.integers(0, 400, 150), rng.integers(0, 400, 40), [0, 150, 299]):
            store.put([made(int(row), "手机", price_minor=5.0) for row in dict.fromkeys(map(int, again))])
            store.commit()
        query = LexicalQuery((term("手机"),))
        everything = store.search(query, limit=1_000).rows.tolist()
        assert everything == sorted(everything)
        assert len(everything) > 300
        for offset, limit in ((0, 1), (0, 20), (17, 20), (120, 100), (299, 3)):
            page = store.search(query, limit=limit, offset=offset)
            assert page.rows.tolist() == everything[offset : offset + limit]
            assert page.total == len(everything)

    def test_better_scores_come_before_equal_ones_after_documents_were_put_again(
        self, store: Store
    ) -> None:
        """The few that are better, in whichever commit, stand before the many that tie."""
        better = {5, 210, 250}
        store.put([made(row, "手机 手机" if row in better else "手机 x") for row in range(200)])
        store.commit()
        store.put([made(row, "手机 手机" if row in better else "手机 x") for row in range(299, 99, -1)])
        store.commit()
        query = LexicalQuery((term("手机"),))
        rest = [row for row in range(300) if row not in better]
        for offset, limit in ((0, 2), (0, 3), (0, 20), (2, 150), (290, 20)):
            page = store.search(query, limit=limit, offset=offset)
            assert page.rows.tolist() == (sorted(better) + rest)[offset : offset + limit]

    @pytest.mark.parametrize("field", ["price_minor", "in_stock"])
    @pytest.mark.parametrize("descending", [False, True])
    def test_a_sort_puts_missing_values_last_and_ties_by_row(
        self, store: Store, field: str, descending: bool
    ) -> None:
        """Guarantee 4, both ways, over documents put in a mixed order and again."""
        rng = np.random.default_rng(3)
        values: dict[int, float | bool | None] = {}
        for _ in range(4):
            put = []
            for row in rng.permutation(400)[:150].tolist():
                number = int(rng.integers(0, 4))
                value = None if number == 3 else bool(number % 2) if field == "in_stock" else float(number)
                values[row] = value
                put.append(made(row, "手机", **({} if value is None else {field: value})))
            store.put(put)
            store.commit()
        sign = -1 if descending else 1
        wanted = sorted(values, key=lambda row: (values[row] is None, sign * (values[row] or 0.0), row))
        for offset, limit in ((0, 5), (0, 100), (60, 45), (len(values) - 10, 20)):
            hits = store.search(
                LexicalQuery((term("手机"),)), limit=limit, offset=offset, sort=Sort(field, descending)
            )
            assert hits.rows.tolist() == wanted[offset : offset + limit]

    def test_numbers_compare_as_float64(self, store: Store) -> None:
        """No precision is lost in filters, sorts and ranges: neighbours, the greatest price, zeros."""
        numbers = [0.1, np.nextafter(0.1, 1), 1e12, 1e12 - 1, -0.0, 0.0, -1e-300, 1e300]
        store.put([made(row, price_minor=float(number)) for row, number in enumerate(numbers)])
        store.commit()

        def rows(operator: Any, value: float) -> list[int]:
            condition = LexicalQuery(filter=Compare("price_minor", operator, value))
            return store.search(condition, limit=10).rows.tolist()

        assert rows("=", 0.1) == [0]
        assert rows(">", 0.1) == [1, 2, 3, 7]
        assert rows("<", 1e12) == [0, 1, 3, 4, 5, 6]
        assert rows("=", 0.0) == rows("=", -0.0) == [4, 5]
        assert rows("<", 0.0) == rows("<", -0.0) == [6]
        assert rows("!=", 0.0) == [0, 1, 2, 3, 6, 7]
        by_price = store.search(LexicalQuery(), limit=10, sort=Sort("price_minor"))
        assert by_price.rows.tolist() == [6, 4, 5, 0, 1, 3, 2, 7]
        found = store.facets(LexicalQuery(), ["price_minor"], ranges={"price_minor": [(0.0, 1e12)]})
        assert found.counts["price_minor"] == (FacetCount("0..1000000000000", 5),)

    def test_facets_ignore_their_own_refinement_only(self, store: Store) -> None:
        """Guarantee 5, with a hard filter on the same field, which no facet ignores."""
        store.put(
            [
                made(0, brand="a", tags=["x"], price_minor=1.0, in_stock=True),
                made(1, brand="a", tags=["x", "y"], price_minor=2.0, in_stock=False),
                made(2, brand="b", tags=["y"], price_minor=3.0, in_stock=True),
                made(3, brand="c", price_minor=9.0, in_stock=True),
                made(4, in_stock=True),
            ]
        )
        store.commit()
        refine = {"brand": ("a",), "in_stock": ("true",), "price_minor": ("..2", "3")}
        query = LexicalQuery(filter=Not(Compare("brand", "=", "c")), refine=refine)
        assert store.search(query, limit=5).rows.tolist() == [0]
        found = store.facets(
            query, ["brand", "tags", "price_minor", "in_stock"], ranges={"price_minor": [(None, 2.0)]}
        )
        assert found.counts == {
            "brand": (FacetCount("a", 1), FacetCount("b", 1)),
            "tags": (FacetCount("x", 1),),
            "price_minor": (FacetCount("..2", 1),),
            "in_stock": (FacetCount("true", 1),),
        }
        assert found.stats == {"price_minor": FacetStats(1, 1.0, 1.0, 1.0)}

    @pytest.mark.parametrize("commits", [1, 4])
    def test_counts_are_exact_with_many_values_and_ties_come_by_value(
        self, store: Store, commits: int
    ) -> None:
        """3,000 brands of which all but two are equally frequent, also when they lie in several commits."""
        total = 3_000
        put = [made(row, brand=f"b{(row * 7) % total:04}") for row in range(total)]
        put += [made(total + row, brand="b2999") for row in range(3)] + [made(total + 3, brand="b2998")]
        for part in range(commits):
            store.put(put[part::commits])
            store.commit()
        found = store.facets(LexicalQuery(), ["brand"], most=5).counts["brand"]
        assert found == tuple(
            FacetCount(*pair)
            for pair in [("b2999", 4), ("b2998", 2), ("b0000", 1), ("b0001", 1), ("b0002", 1)]
        )

    def test_a_value_that_is_rare_in_every_commit_may_be_the_most_frequent(self, store: Store) -> None:
        """Four commits, in each of which 300 other brands are more frequent than the one that wins."""
        for part in range(4):
            put = [made(part * 1_000 + place, brand=f"p{part}b{place % 300}") for place in range(900)]
            put += [made(part * 1_000 + 900 + place, brand="everywhere") for place in range(2)]
            put += [made(part * 1_000 + 910, brand="p0b0")]  # 7: no tie with the others, which have 3
            store.put(put)
            store.commit()
        found = store.facets(LexicalQuery(), ["brand"], most=1).counts["brand"]
        assert found == (FacetCount("everywhere", 8),)

    def test_filters_and_refinements_do_not_touch_the_scores(self, store: Store) -> None:
        """A page is in the order of its words, however rare the brands that are allowed."""
        store.put(
            [made(row, "a", brand="rare" if row == 7 else "common", price_minor=1.0) for row in range(9)]
        )
        store.commit()
        words = (term("a"),)
        bare = store.search(LexicalQuery(words), limit=10)
        either = In("brand", ("rare", "common"))
        for query in (
            LexicalQuery(words, filter=either),
            LexicalQuery(words, filter=Compare("price_minor", "<", 5.0)),
            LexicalQuery(words, filter=Not(Compare("brand", "=", "other"))),
            LexicalQuery(words, refine={"brand": ("rare", "common"), "price_minor": ("..5",)}),
        ):
            found = store.search(query, limit=10)
            assert found.rows.tolist() == list(range(9))
            assert found.scores.tolist() == bare.scores.tolist()

    def test_a_document_put_again_takes_the_place_of_the_first(self, store: Store) -> None:
        """Old words no longer match, within one commit and across; a deleted row is gone, row 0 too."""
        store.put([made(0, "old", brand="a"), made(1, "old"), made(2, "old")])
        store.commit()
        store.put([made(0, "older"), made(0, "new", brand="b")])
        store.delete([1])
        assert store.count(LexicalQuery((term("old"),))) == 3
        store.commit()
        assert store.search(LexicalQuery((term("old"),)), limit=5).rows.tolist() == [2]
        assert store.search(LexicalQuery((term("new"),)), limit=5).rows.tolist() == [0]
        assert store.count(LexicalQuery((term("older"),))) == 0
        store.delete([0])
        store.put([made(1, "again")])
        store.commit()
        assert store.search(LexicalQuery(), limit=5).rows.tolist() == [1, 2]
        assert store.facets(LexicalQuery(), ["brand"]).counts["brand"] == ()

    def test_document_frequency_counts_documents_not_occurrences(self, store: Store) -> None:
        """Of a word, whole."""
        store.put([made(0, "a a b"), made(1, "a"), made(2, "ab")])
        store.commit()
        assert [store.document_frequency(word) for word in ("a", "b", "ab", "c", "\ud800", "")] == [
            2,
            1,
            1,
            0,
            0,
            0,
        ]

    @pytest.mark.parametrize(
        "text", ["\ud800", "", "a AND b", "brand:x", '"', "*", "\x00", "x" * 5_000, "👨‍👩‍👧"]
    )
    def test_hostile_text_matches_itself_or_nothing(self, store: Store, text: str) -> None:
        """No text is syntax to an engine, and none breaks it."""
        store.put([made(0, "x", brand="x"), made(1, "y")])
        store.commit()
        phrase = tuple(text) or ("",)
        for query in (
            LexicalQuery((Term(((text, 1.0),), (phrase,)),)),
            LexicalQuery(filter=Compare("brand", "=", text)),
            LexicalQuery(refine={"tags": (text,)}),
            LexicalQuery(filter=Compare("item_id", "=", text)),
        ):
            assert store.search(query, limit=5).total == 0
        assert store.search(LexicalQuery(filter=Compare("brand", "!=", text)), limit=5).total == 1

    def test_a_value_is_found_by_all_of_it_with_its_spaces_and_signs(self, store: Store) -> None:
        """A path of categories is one value."""
        path = '家电 > 厨房 "x" AND (y)'
        store.put([made(0, category=["家电", path]), made(1, category=["家电"])])
        store.commit()
        assert store.count(LexicalQuery(filter=Compare("category", "=", path))) == 1
        assert store.count(LexicalQuery(filter=Compare("category", "=", "家"))) == 0
        assert store.count(LexicalQuery(refine={"category": ("家电", "other")})) == 2

    def test_pages_reach_to_the_10000th_hit(self, store: Store) -> None:
        """Guarantees 2 and 6: the total does not depend on the page, an empty page has it too."""
        store.put([made(row, "a") for row in range(10_100)])
        store.commit()
        query = LexicalQuery((term("a"),))
        assert store.search(query, limit=100, offset=9_900).rows.tolist() == list(range(9_900, 10_000))
        for limit in (0, 1, 10_000):
            hits = store.search(query, limit=limit)
            assert (hits.total, len(hits.rows), len(hits.scores)) == (10_100, limit, limit)
        beyond = store.search(LexicalQuery((term("b"),)), limit=5, offset=50)
        assert (beyond.total, len(beyond.rows), len(beyond.scores)) == (0, 0, 0)

    @pytest.mark.parametrize(
        ("ask", "field", "code"),
        [
            (lambda s: s.search(LexicalQuery(), limit=101, offset=9_900), "page", "too_deep"),
            (lambda s: s.search(LexicalQuery(), limit=-1), "page", "invalid"),
            (lambda s: s.search(LexicalQuery(), limit=1, sort=Sort("nothing")), "sort", "unknown_field"),
            (lambda s: s.search(LexicalQuery(), limit=1, sort=Sort("brand")), "sort", "wrong_type"),
            (lambda s: s.facets(LexicalQuery(), ["nothing"]), "facets", "unknown_field"),
            (lambda s: s.facets(LexicalQuery(), ["item_id"]), "facets", "wrong_type"),
            (lambda s: s.count(LexicalQuery(refine={"no": ("a",)})), "refine", "unknown_field"),
            (lambda s: s.count(LexicalQuery(refine={"rating": ("a..",)})), "refine.rating", "wrong_type"),
            (lambda s: s.count(LexicalQuery(refine={"rating": ("..",)})), "refine.rating", "wrong_type"),
            (lambda s: s.count(LexicalQuery(refine={"rating": ("nan",)})), "refine.rating", "wrong_type"),
            (
                lambda s: s.count(LexicalQuery(refine={"in_stock": ("yes",)})),
                "refine.in_stock",
                "wrong_type",
            ),
        ],
    )
    def test_what_cannot_be_asked_is_an_input_error(
        self, store: Store, ask: Any, field: str, code: str
    ) -> None:
        """Guarantee 7, with the field and the code."""
        store.commit()
        with pytest.raises(InputError) as caught:
            ask(store)
        assert (caught.value.field, caught.value.code) == (field, code)

    def test_exists_of_every_field(self, store: Store) -> None:
        """Of each kind of field, and of the id, which every document has."""
        values = {name: POOLS[kind][0] for name, kind in KINDS.items() if name != "item_id"}
        values |= {name: [value] for name, value in values.items() if KINDS[name] == "texts"}
        store.put(
            [Document(0, [], [], {"item_id": "id0"}), Document(1, [], [], {"item_id": "id1"} | values)]
        )
        store.commit()
        for name in KINDS:
            rows = store.search(LexicalQuery(filter=Exists(name)), limit=5).rows.tolist()
            assert rows == ([0, 1] if name == "item_id" else [1])

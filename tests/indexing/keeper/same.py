"""Two catalogues of the same state answer the same, whatever their rows are."""

from __future__ import annotations

import numpy as np

from indexing.contracts.columns import facet_fields, field_kinds
from indexing.contracts.filter_parser import parse
from indexing.lexical.base import LexicalQuery, Sort, Term
from indexing.snapshots.catalogue import Catalogue
from indexing.text import fold

FILTERS = (
    None,
    "price_minor < 900",
    "NOT price_minor >= 900",
    "in_stock AND EXISTS brand",
    'brand = "小米" OR brand = "新牌"',
    'brand != "小米"',
    'category = "家电"',
    'category = "数码 > 手机"',
    'tags IN ("新品", "热卖")',
    "NOT EXISTS tags",
    'attributes.颜色 = "蓝" OR attributes.颜色 = "红"',
    "attributes.weight > 0",
    "attributes.防水",
    'item_id IN ("p001", "p050", "p055") OR group_id = "g3"',
    'NOT item_id = "p002"',
    'rating >= 4 AND created_at > "2026-09-01T00:00:00Z"',
)
QUERIES = ((), ("咖啡机",), ("手机",), ("小米",), ("新牌",), ("轻便", "家用"))


def assert_same(live: Catalogue, fresh: Catalogue) -> None:
    """Items, rows, columns, masks, words, facets, orders and vectors."""
    rows = np.flatnonzero(live.alive()).astype(np.int32)
    ids = [live.id_of(row) for row in rows.tolist()]
    wanted = fresh.items(np.arange(fresh.rows, dtype=np.int32))
    assert sorted(live.items(rows), key=lambda item: item.item_id) == wanted
    assert live.rows_of(ids).tolist() == rows.tolist()
    assert len(live.alive()) == live.rows == live.columns.rows
    _same_columns(live, fresh, ids)
    _same_masks(live, fresh)
    _same_answers(live, fresh)
    _same_vectors(live, fresh)


def _same_columns(live: Catalogue, fresh: Catalogue, ids: list[str]) -> None:
    here, there = live.rows_of(ids), fresh.rows_of(ids)
    for field, kind in field_kinds(fresh.shop).items():
        if field == "item_id":
            continue
        if kind not in {"text", "texts"}:
            np.testing.assert_array_equal(
                live.columns.numbers(field)[here], fresh.columns.numbers(field)[there]
            )
            continue
        left, right = live.columns.text(field), fresh.columns.text(field)
        assert len(left.display) == len(left.values)
        for one, other in zip(here.tolist(), there.tolist(), strict=True):
            assert [left.values[c] for c in left.of_row(one)] == [
                right.values[c] for c in right.of_row(other)
            ]
        for code, text in enumerate(left.values):
            assert left.values.find(text) == code
            assert fold(left.display[code]) == fold(text)


def _same_masks(live: Catalogue, fresh: Catalogue) -> None:
    for text in FILTERS:
        tree = parse(text, field_kinds(fresh.shop), fold=fold) if text else None
        found = {live.id_of(int(row)) for row in np.flatnonzero(live.mask(tree))}
        assert found == {fresh.id_of(int(row)) for row in np.flatnonzero(fresh.mask(tree))}, text


def _same_answers(live: Catalogue, fresh: Catalogue) -> None:
    fields = [*facet_fields(fresh.shop), "tags"]
    for words in QUERIES:
        for text in FILTERS:
            tree = parse(text, field_kinds(fresh.shop), fold=fold) if text else None
            query = LexicalQuery(tuple(Term(((word, 1.0),)) for word in words), filter=tree)
            left, right = live.lexical.search(query, limit=500), fresh.lexical.search(query, limit=500)
            assert left.total == right.total == live.lexical.count(query)
            assert {live.id_of(r) for r in left.rows.tolist()} == {
                fresh.id_of(r) for r in right.rows.tolist()
            }
        query = LexicalQuery(tuple(Term(((word, 1.0),)) for word in words))
        left_facets, right_facets = live.lexical.facets(query, fields), fresh.lexical.facets(query, fields)
        assert left_facets.counts == right_facets.counts
        for name, stats in right_facets.stats.items():
            assert left_facets.stats[name].count == stats.count
            assert left_facets.stats[name].minimum == stats.minimum
        _same_order(live, fresh, query)


def _same_order(live: Catalogue, fresh: Catalogue, query: LexicalQuery) -> None:
    for sort in (Sort("price_minor"), Sort("price_minor", descending=True)):
        left = live.lexical.search(query, limit=500, sort=sort).rows
        right = fresh.lexical.search(query, limit=500, sort=sort).rows
        prices = live.columns.numbers("price_minor")[left]
        np.testing.assert_array_equal(prices, fresh.columns.numbers("price_minor")[right])
        known = ~np.isnan(prices)
        ties = np.flatnonzero((prices[1:] == prices[:-1]) & known[1:])
        assert (left[ties] < left[ties + 1]).all()


def _same_vectors(live: Catalogue, fresh: Catalogue) -> None:
    left, right = live.vectors("text"), fresh.vectors("text")
    assert left is not None
    assert right is not None
    assert left.size == live.rows
    for seed in range(3):
        query = np.random.default_rng(seed).standard_normal(right.dimension).astype(np.float32)
        found, wanted = left.search(query, 500, mask=live.alive()), right.search(query, 500)
        scores = {live.id_of(r): s for r, s in zip(found.rows.tolist(), found.scores.tolist(), strict=True)}
        expected = {
            fresh.id_of(r): s for r, s in zip(wanted.rows.tolist(), wanted.scores.tolist(), strict=True)
        }
        assert scores.keys() == expected.keys()
        np.testing.assert_allclose(
            [scores[i] for i in expected], list(expected.values()), rtol=1e-5, atol=1e-6
        )
        assert set(left.search(query, 500).rows.tolist()) == set(found.rows.tolist())

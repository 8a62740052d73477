"""The oracle keeps the guarantees, and its score is the formula it states."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager, nullcontext

import pytest

from indexing.lexical.base import LexicalQuery
from indexing.lexical.oracle import OracleIndex
from tests.indexing.contracts.filter_trees import KINDS
from tests.indexing.lexical.conformance import Conformance, Store, made, term


class TestOracle(Conformance):
    def opened(self) -> AbstractContextManager[Store]:
        return nullcontext(OracleIndex(KINDS))


def test_the_score_is_the_stated_formula() -> None:
    """Two terms, one said in two ways of which the better counts."""
    index = OracleIndex(KINDS, [made(0, "a a b"), made(1, "b", "手 机"), made(2, "c")])
    query = LexicalQuery((term("a", "b", boost=0.5, weight=2.0), term("c", phrases=["手 机"])), minimum=1)

    def idf(documents: int) -> float:
        return math.log(1 + 4 / (documents + 1))

    scores = dict(zip(*(part.tolist() for part in _hits(index, query)), strict=True))
    assert scores[0] == pytest.approx(2 * max(idf(1) * 2 / 3, 0.5 * idf(2) / 2))
    assert scores[1] == pytest.approx(2 * 0.5 * idf(2) / 2 + idf(1) / 2)
    assert scores[2] == pytest.approx(idf(1) / 2)


def _hits(index: OracleIndex, query: LexicalQuery) -> tuple[object, object]:
    hits = index.search(query, limit=10)
    return hits.rows, hits.scores

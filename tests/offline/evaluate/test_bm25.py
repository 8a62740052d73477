"""The baseline is what it says it is."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from offline.evaluate.bm25 import K1, B, Bm25

TEXTS = ["a b c", "a a b", "c d d d e", "e"]


def slow(query: list[str]) -> list[float]:
    """The formula, term by term."""
    documents = [text.split() for text in TEXTS]
    mean = sum(map(len, documents)) / len(documents)
    scores = []
    for tokens in documents:
        score = 0.0
        for term in query:
            holding = sum(term in one for one in documents)
            idf = log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
            count = tokens.count(term)
            score += idf * count / (count + K1 * (1 - B + B * len(tokens) / mean))
        scores.append(score)
    return scores


@pytest.mark.parametrize("query", [["a"], ["a", "d"], ["d", "d", "e"], ["c", "zzz"]])
def test_the_order_is_that_of_the_formula(query: list[str]) -> None:
    """Best first, ties by number, nothing that holds no term."""
    scores = slow(query)
    wanted = [n for n in np.argsort(-np.array(scores), kind="stable").tolist() if scores[n] > 0]
    assert Bm25(text.split() for text in TEXTS).search(query, 10) == wanted
    assert Bm25(text.split() for text in TEXTS).search(query, 1) == wanted[:1]


def test_nothing_is_found_by_nothing() -> None:
    """No term, no document; no documents, no answer."""
    assert Bm25([["a"]]).search([], 5) == []
    assert Bm25([]).search(["a"], 5) == []

"""BM25 over bags of tokens: the baseline that any search must beat.

``score(q, d) = Σ_t idf(t) · tf / (tf + k₁ · (1 − b + b · |d| / mean |d|))`` with
``idf(t) = ln(1 + (N − n_t + ½) / (n_t + ½))``: Robertson and Zaragoza 2009, equation 3.15, in Lucene's form
(k₁ = 1.2, b = .75, the constant factor k₁ + 1 left out). Any term may match.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

K1, B = 1.2, 0.75


class Bm25:
    """Documents by number, in the order given.

    Args:
        documents: tokens of each.
    """

    def __init__(self, documents: Iterable[Sequence[str]]) -> None:
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths: list[int] = []
        for number, tokens in enumerate(documents):
            lengths.append(len(tokens))
            for token, count in Counter(tokens).items():
                postings[token].append((number, count))
        self._lengths = np.array(lengths, np.float64)
        self._mean = float(self._lengths.mean()) if lengths else 1.0
        self._weights = {token: self._weighted(found) for token, found in postings.items()}

    def _weighted(
        self, found: Sequence[tuple[int, int]]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
        numbers, counts = np.array(found, np.intp).T
        idf = np.log1p((len(self._lengths) - len(found) + 0.5) / (len(found) + 0.5))
        norm = K1 * (1 - B + B * self._lengths[numbers] / self._mean)
        return numbers, idf * counts / (counts + norm)

    def search(self, tokens: Iterable[str], k: int) -> list[int]:
        """Numbers of the best k documents that hold any token, best first, ties by number."""
        scores = np.zeros(len(self._lengths))
        for token, times in Counter(tokens).items():
            if token in self._weights:
                numbers, weights = self._weights[token]
                scores[numbers] += times * weights
        best = np.argsort(-scores, kind="stable")[:k]
        found: list[int] = best[scores[best] > 0].tolist()
        return found

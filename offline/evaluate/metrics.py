"""How good is a ranked list, given what is relevant? One number a list, each in [0, 1].

``ranked`` holds ids, best first, none twice; only the first ``k`` count. Where nothing is relevant no list
can be good or bad: the caller leaves such cases out, and a call with none raises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from math import exp2, log2
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)
Metric = Callable[[Sequence[Id], Collection[Id], int], float]


def hits(ranked: Sequence[Id], relevant: Collection[Id], k: int) -> int:
    """How many of the first k are relevant."""
    _check(relevant, k)
    return sum(one in relevant for one in ranked[:k])


def success(ranked: Sequence[Id], relevant: Collection[Id], k: int) -> float:
    """1 if any of the first k is relevant; its mean over shoppers is the hit rate.

    >>> success(["a", "b"], {"b"}, 1), success(["a", "b"], {"b"}, 2)
    (0.0, 1.0)
    """
    return float(hits(ranked, relevant, k) > 0)


def precision(ranked: Sequence[Id], relevant: Collection[Id], k: int) -> float:
    """``hits / k``: places left empty count as wrong.

    >>> precision(["a", "b"], {"b"}, 4)
    0.25
    """
    return hits(ranked, relevant, k) / k


def recall(ranked: Sequence[Id], relevant: Collection[Id], k: int) -> float:
    """``hits / |relevant|``, as the published tables of LightGCN (He et al. 2020) count it.

    >>> recall(["a", "b"], {"b", "c"}, 2)
    0.5
    """
    return hits(ranked, relevant, k) / len(relevant)


def reciprocal_rank(ranked: Sequence[Id], relevant: Collection[Id], k: int) -> float:
    """``1 / rank`` of the first relevant one, 0 without (Voorhees 1999). Its mean is the MRR.

    >>> reciprocal_rank(["a", "b"], {"b"}, 10)
    0.5
    """
    _check(relevant, k)
    return next((1 / place for place, one in enumerate(ranked[:k], 1) if one in relevant), 0.0)


def ndcg(ranked: Sequence[Id], relevant: Collection[Id] | Mapping[Id, float], k: int) -> float:
    """``DCG / ideal DCG`` with ``DCG = Σ (2^grade − 1) / log₂(1 + place)`` over the first k places.

    Järvelin and Kekäläinen 2002 with the gains of Burges et al. 2005. A collection without grades has
    grade 1 for each; then it is the binary nDCG of the published tables.

    >>> round(ndcg(["a", "b"], {"b": 2, "c": 1}, 2), 4)  # (3 / log2 3) / (3 + 1 / log2 3)
    0.5213
    """
    _check(relevant, k)
    grades = relevant if isinstance(relevant, Mapping) else dict.fromkeys(relevant, 1.0)
    ideal = _dcg(sorted(grades.values(), reverse=True)[:k])
    if not ideal:
        raise ValueError("every grade is 0: nothing is relevant")
    return _dcg([grades.get(one, 0.0) for one in ranked[:k]]) / ideal


def _dcg(grades: Sequence[float]) -> float:
    return sum((exp2(grade) - 1) / log2(1 + place) for place, grade in enumerate(grades, 1))


def _check(relevant: Collection[Id], k: int) -> None:
    if k < 1:
        raise ValueError(f"k is {k}; expected at least 1")
    if not relevant:
        raise ValueError("nothing is relevant: leave this case out")

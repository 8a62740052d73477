"""Real shop queries through the segmenter that runs and through jieba, its oracle: agreement and speed.

Two segmenters agree on a query when they cut it at the same places. Boundaries are compared, too: of all
places that either cuts, how many do both cut (F1)? Times are of the two segmenters on the same texts, in
one process, one after the other, without jieba's hidden Markov model, which the shop leaves off.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from pathlib import Path

import msgspec
import numpy as np

from indexing.contracts.errors import InputError
from indexing.text import build_analyser
from offline.evaluate.intervals import Estimate, estimate
from offline.evaluate.plain_jieba import tokenizer

Cut = Callable[[str], Sequence[str]]
Progress = Callable[[str, int, int], None]


class Segmentation(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        library: the segmenter that runs here.
        agree: share of queries that both cut alike. ``agree_with_model``: with jieba as it comes, which
            also glues unknown characters by its hidden Markov model.
        boundary_f1: over all queries.
        per_second, jieba_per_second: queries; ``analysed_per_second`` with normalisation and offsets.
    """

    queries: int
    library: str
    agree: Estimate
    agree_with_model: float
    boundary_f1: float
    per_second: float
    jieba_per_second: float
    analysed_per_second: float


def segmentation(path: Path, *, progress: Progress) -> Segmentation:
    """Measure on a file of numbered queries (``id<tab>query``).

    Raises:
        InputError: the file is missing or holds no query.
    """
    queries = read_queries(path)
    analyser = build_analyser(())
    segmenter = analyser.segmenter
    oracle = tokenizer()
    segmenter.cut(queries[0])
    progress("Segmenting", 0, 3)
    ours, seconds = _timed(segmenter.cut, queries)
    progress("Segmenting", 1, 3)
    theirs, slow = _timed(lambda text: oracle.lcut(text, HMM=False), queries)
    progress("Segmenting", 2, 3)
    _, whole = _timed(analyser.query, queries)
    progress("Segmenting", 3, 3)
    default, _ = _timed(oracle.lcut, queries)
    places = [(_places(a), _places(b)) for a, b in zip(ours, theirs, strict=True)]
    with_model = [_places(a) == _places(b) for a, b in zip(ours, default, strict=True)]
    both = sum(len(a & b) for a, b in places)
    every = sum(len(a) + len(b) for a, b in places)
    return Segmentation(
        queries=len(queries),
        library=segmenter.library,
        agree=estimate(np.array([a == b for a, b in places], np.float64), draws=500),
        agree_with_model=round(float(np.mean(with_model)), 5),
        boundary_f1=round(2 * both / every, 5) if every else 1.0,
        per_second=round(len(queries) / seconds),
        jieba_per_second=round(len(queries) / slow),
        analysed_per_second=round(len(queries) / whole),
    )


def read_queries(path: Path) -> list[str]:
    """The second column, folded as titles are.

    Raises:
        InputError: the file is missing or holds no query.
    """
    from indexing.text import fold

    if not path.is_file():
        raise InputError(f"there is no file {path}", field="path", code="missing")
    lines = path.read_text(encoding="utf-8").splitlines()
    queries = [fold(line.partition("\t")[2]) for line in lines]
    found = [query for query in queries if query]
    if not found:
        raise InputError(f"{path.name} holds no query after a tab", field="path", code="empty")
    return found


def _timed(cut: Callable[[str], Iterable[object]], texts: Sequence[str]) -> tuple[list[list[str]], float]:
    started = time.perf_counter()
    found = [list(cut(text)) for text in texts]
    seconds = time.perf_counter() - started
    return [[str(word) for word in words] for words in found], seconds


def _places(words: Sequence[str]) -> frozenset[int]:
    """Where a text is cut, its end left out."""
    return frozenset(list(accumulate(map(len, words)))[:-1])

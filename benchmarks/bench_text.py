"""Titles a second: jieba and rjieba cutting alone, and our whole analysis, in one run.

python -m benchmarks.bench_text [--count 20000]

Reads real shop queries beside the checkout if they are there, and the analyser's golden titles. Ratios hold
better than rates.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from indexing.text import build_analyser, fold
from indexing.text.golden import golden_titles
from indexing.text.segmenter import load_jieba, load_segmenter

QUERIES = Path(__file__).resolve().parents[2] / "shared/data/chinese/queries/taobao-queries.tsv"
_ROUNDS = 3


def texts(count: int) -> tuple[str, list[str]]:
    """Their name, and ``count`` texts."""
    if QUERIES.exists():
        lines = QUERIES.read_text("utf-8").splitlines()
        name, found = QUERIES.name, [line.split("\t")[1] for line in lines[:count]]
    else:
        name, found = "golden titles", golden_titles()
    return name, [found[place % len(found)] for place in range(count)]


def rate(work: Callable[[str], object], sample: list[str]) -> float:
    """Texts a second of processor time, the best of three rounds."""
    best = float("inf")
    for _ in range(_ROUNDS):
        begin = time.process_time()
        for text in sample:
            work(text)
        best = min(best, time.process_time() - begin)
    return len(sample) / best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    name, queries = texts(parser.parse_args().count)
    analyser = build_analyser([])
    results = []
    for corpus, sample in ((name, queries), ("golden titles", golden_titles())):
        rates = {
            "jieba": rate(load_jieba(()).cut, sample[: len(sample) // 4]),
            analyser.segmenter.library + " cut": rate(load_segmenter(()).cut, sample),
            "fold": rate(fold, sample),
            "index": rate(analyser.index, sample),
            "query": rate(analyser.query, sample),
            "characters": rate(analyser.characters, sample),
        }
        result = {
            "corpus": corpus,
            "texts": len(sample),
            "mean_length": round(sum(map(len, sample)) / len(sample), 1),
            "per_second": {what: round(each) for what, each in rates.items()},
            "ratio_to_jieba": {what: round(each / rates["jieba"], 2) for what, each in rates.items()},
            "versions": {library: version(library) for library in ("jieba", "rjieba", "opencc")},
            "python": platform.python_version(),
        }
        results.append(result)
    print(json.dumps({"corpora": results}, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()

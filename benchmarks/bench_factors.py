"""The whole factors job against implicit alone on a matrix that is ready.

    python -m benchmarks.bench_factors [--events 5000000] [--items 50000]

Ours weighs and decays the events, makes the matrix, trains, and writes the vectors of all products, their
order by length and YᵀY. Implicit alone gets the same matrix, the same configuration and threads, and only
trains. They take turns; the medians are compared. Reading and cleaning the log is not timed here
(``bench_sessions`` does).
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from implicit.cpu.als import AlternatingLeastSquares
from threadpoolctl import threadpool_limits

from benchmarks.bench_sessions import item_ids, write_log
from benchmarks.memory import PeakMemory
from indexing.contracts.strings import SortedStrings
from offline.jobs.clean import clean
from offline.jobs.factors import FactorConfig, confidences, factors
from offline.jobs.interactions import Interactions
from offline.jobs.penalty import penalty


def alone(found: Interactions, config: FactorConfig) -> Callable[[], None]:
    """Training and nothing else."""
    matrix, _ = confidences(found, config)
    matrix = matrix[:, matrix.getnnz(axis=0) > 0].tocsr()

    def train() -> None:
        with threadpool_limits(1, "blas"):
            model: Any = AlternatingLeastSquares(
                factors=config.factors,
                regularization=penalty(matrix),
                alpha=1.0,
                iterations=config.iterations,
                num_threads=config.threads,
                random_state=config.seed,
            )
            model.fit(matrix, show_progress=False)

    return train


def main() -> None:
    """Make a log, train in turns, print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    config = FactorConfig(seed=given.seed)
    with tempfile.TemporaryDirectory(prefix="bench-factors-") as folder:
        log, to = Path(folder) / "log", Path(folder) / "factors"
        write_log(log, given.events, given.items, given.seed)
        found, _ = clean(log, SortedStrings(item_ids(given.items)))
        works: dict[str, Callable[[], Any]] = {
            "implicit": alone(found, config),
            "ours": lambda: factors(found, to, config=config),
        }
        seconds: dict[str, list[float]] = {name: [] for name in works}
        with PeakMemory() as memory:
            for _ in range(given.rounds):
                for name, work in works.items():
                    started = time.perf_counter()
                    work()
                    seconds[name].append(round(time.perf_counter() - started, 2))
    middle = {name: statistics.median(each) for name, each in seconds.items()}
    report = {
        "events": given.events,
        "items": given.items,
        "cells": confidences(found, config)[0].nnz,
        "factors": config.factors,
        "iterations": config.iterations,
        "seconds": seconds,
        "peak_mb": memory.megabytes,
        "ratio": round(middle["ours"] / middle["implicit"], 3),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()

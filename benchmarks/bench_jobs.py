"""Time and peak memory of each job of a whole build: the demo shop with its log, everything trained.

    python -m benchmarks.bench_jobs [--products 20000] [--shoppers 5000] [--days 30]

Not timed: the demo shop is made. Timed: its build, stage by stage, as the command line tells them. The
memory is that of all processes together, while the stage was at work; what an earlier stage still holds
counts too. Each job alone, and beside its peer: ``bench_factors``, ``bench_sessions``, ``bench_build``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.memory import PeakMemory
from offline.build import BuildConfig, build
from offline.demo import make_demo

LAST_DAY = date(2026, 5, 31)


def measure(home: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Make the shop, build it."""
    made = {name: getattr(given, name) for name in ("products", "shoppers", "days", "seed")}
    make_demo(home, **made, last_day=LAST_DAY, progress=lambda *_: None)
    with PeakMemory() as memory:
        built = build(home, BuildConfig(seed=given.seed), progress=memory.tell)
    stages = memory.stages()
    return {
        **made,
        "events": built.manifest.counts["events"],
        "seconds": round(sum(one["seconds"] for one in stages.values()), 1),
        "peak_mb": memory.megabytes,
        "snapshot_mb": round(sum(built.manifest.sizes.values()) / 1e6),
        "by_stage": stages,
    }


def main() -> None:
    """Print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("--shoppers", type=int, default=5_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-jobs-") as home:
        print(json.dumps(measure(Path(home), given), indent=1))


if __name__ == "__main__":
    main()

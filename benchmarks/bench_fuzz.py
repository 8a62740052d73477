"""Bad input at length: what ``make test`` tries a dozen times of each kind, here some hundred times.

    python -m benchmarks.bench_fuzz [--cases 300] [--rounds 2]

``requests`` are schemathesis's over the OpenAPI description, those that fit it and those that do not, to a
service over a small shop; ``properties`` are hypothesis's over filters, rankings, text, rows, cursors and
pages, each round with another seed. A case that fails is shrunk and told on stderr with its seed, and the
whole then ends with an error.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
REQUESTS = ("tests/api/test_fuzz.py",)
PROPERTIES = (
    "tests/api/test_cursor.py",
    "tests/api/test_search.py",
    "tests/api/test_tokens.py",
    "tests/api/storefront",
    "tests/indexing/contracts",
    "tests/indexing/lexical",
    "tests/indexing/text",
    "tests/recsys/test_merchandising.py",
    "tests/search/test_highlight.py",
    "tests/search/understand",
)


def main() -> None:
    """Run both, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300, help="of each operation and each way")
    parser.add_argument("--rounds", type=int, default=2, help="over the properties, each with another seed")
    given = parser.parse_args()
    requests = _tested(REQUESTS, seed=0, environment={"DAOGOU_FUZZ_CASES": str(given.cases)})
    rounds = [
        _tested(PROPERTIES, "-m", "not slow", seed=seed, environment={"DAOGOU_HYPOTHESIS": "long"})
        for seed in range(1, given.rounds + 1)
    ]
    result = {
        "cases_each": given.cases,
        "rounds": given.rounds,
        "requests": requests,
        "properties": {name: sum(one[name] for one in rounds) for name in ("tests", "failed", "seconds")},
    }
    print(json.dumps(result))
    sys.exit(bool(requests["failed"] or any(one["failed"] for one in rounds)))


def _tested(paths: Sequence[str], *more: str, seed: int, environment: Mapping[str, str]) -> dict[str, int]:
    """How many tests ran and failed, and for how long."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            f"--hypothesis-seed={seed}",
            f"--junitxml={report}",
        ]
        began = time.monotonic()
        subprocess.run(
            [*command, *more, *paths],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=sys.stderr,
            check=False,
        )
        counts = _counted(report.read_text(encoding="utf-8")) if report.exists() else (1, 1)
    return {"tests": counts[0], "failed": counts[1], "seconds": round(time.monotonic() - began)}


def _counted(report: str) -> tuple[int, int]:
    """Tests, and those that failed, of a JUnit report that pytest wrote."""
    suite = ET.fromstring(report).find("testsuite")  # noqa: S314 - our own
    assert suite is not None
    return int(suite.attrib["tests"]), int(suite.attrib["failures"]) + int(suite.attrib["errors"])


if __name__ == "__main__":
    main()

"""``make bench``: run every benchmark, keep what it says.

    python -m benchmarks [NAME …] [-- ARGUMENT …]

Each ``bench_<name>.py`` measures ours beside a peer in one run and prints one JSON object. It is kept under
``results/<name>.json`` with the machine, the versions and the command, so that a figure in the guide can be
made again. Arguments after ``--`` are handed to each.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results"
TOLD = (
    "numpy",
    "faiss-cpu",
    "tantivy",
    "pyarrow",
    "rjieba",
    "jieba",
    "implicit",
    "duckdb",
    "torch",
    "starlette",
)


def main() -> None:
    """Run those named, or all."""
    given = sys.argv[1:]
    end = given.index("--") if "--" in given else len(given)
    every = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    failed = [name for name in given[:end] or every if not run(name, given[end + 1 :])]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def run(name: str, arguments: Sequence[str] = ()) -> bool:
    """Run one; False when it failed (what it said went to stderr)."""
    print(f"{name} …", flush=True)
    started = time.monotonic()
    command = [sys.executable, "-m", f"benchmarks.bench_{name}", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent, check=False)
    seconds = time.monotonic() - started
    if done.returncode:
        print(f"  exit status {done.returncode} after {seconds:.0f} s")
        return False
    RESULTS.mkdir(exist_ok=True)
    kept = {
        "command": " ".join(["python -m benchmarks", name, *(["--", *arguments] if arguments else [])]),
        "seconds": round(seconds),
        "machine": machine(),
        "result": json.loads(done.stdout),
    }
    text = json.dumps(kept, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(f"  {seconds:.0f} s, results/{name}.json")
    return True


def machine() -> dict[str, object]:
    """What it ran on."""
    model = next(
        (line.partition(":")[2].strip() for line in _cpu() if line.startswith("model name")),
        platform.machine(),
    )
    versions = {one.name.lower(): one.version for one in distributions()}
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "versions": {name: versions[name] for name in TOLD if name in versions},
    }


def _cpu() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


if __name__ == "__main__":
    main()

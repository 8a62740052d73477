"""How each part grows with the shop: 10,000, 100,000 and 1,000,000 products.

    python -m benchmarks.bench_growth [--products 10000 100000 1000000] [--folder FOLDER] [--again]

For each size the other benchmarks run one after the other, each in its own process: the build
(``bench_build``), a page of search and a keystroke from the shop that it left (``bench_search``), and
recommendation (``bench_recommend``). What each said is kept in the folder and not measured again without
``--again``, so that a long run can be made in parts. How jobs grow with the log is in ``bench_sessions``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any


def said(name: str, *arguments: str) -> dict[str, Any]:
    """What a benchmark prints."""
    command = [sys.executable, "-m", f"benchmarks.bench_{name}", *arguments]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return result


def kept(path: Path, name: str, *arguments: str) -> dict[str, Any]:
    """The same, from the file where it stands already."""
    if not path.exists():
        path.write_text(json.dumps(said(name, *arguments)), encoding="utf-8")
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result


def row(folder: Path, products: int) -> dict[str, Any]:
    """One size of shop."""
    home = folder / f"shop-{products}"
    place = ("--products", str(products), "--folder", str(folder), "--keep")
    built = kept(folder / f"growth-build-{products}.json", "build", *place)["sizes"][0]
    search = kept(folder / f"growth-search-{products}.json", "search", "--home", str(home))
    recommend = kept(folder / f"growth-recommend-{products}.json", "recommend", "--items", str(products))
    return {
        "products": products,
        "build_s": built["seconds"],
        "build_peak_mb": built["peak_mb"],
        "snapshot_mb": built["snapshot_mb"],
        "search": search["ours"],
        "search_times_bare_p99": search["ratio_p99"],
        "suggest": search["suggest"],
        "recommend": {
            name: {part: recommend["times"][name][part] for part in ("p50_ms", "p99_ms")}
            for name in ("home", "home, a tenth", "similar")
        },
    }


def main() -> None:
    """Measure what is missing, print JSON of every size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "daogou-bench")
    parser.add_argument("--again", action="store_true", help="measure again what was measured")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.again:
        for products in given.products:
            for path in given.folder.glob(f"growth-*-{products}.json"):
                path.unlink()
    print(json.dumps({"sizes": [row(given.folder, products) for products in given.products]}, indent=1))


if __name__ == "__main__":
    main()

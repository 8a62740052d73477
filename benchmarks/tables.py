"""Write the figures of ``docs/benchmarks.md`` from ``results/*.json``, so that none is typed by hand.

    python -m benchmarks.tables

Between ``<!-- table NAME -->`` and ``<!-- end -->`` stands what the function of that name makes; of a
benchmark that was not run it says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.__main__ import RESULTS

PAGE = RESULTS.parents[1] / "docs" / "benchmarks.md"
_PLACE = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

Result = dict[str, Any]
Rows = Sequence[Sequence[object]]


def main() -> None:
    """Rewrite the page."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), RESULTS), encoding="utf-8")


def filled(page: str, results: Path) -> str:
    """The page with every table made anew.

    Args:
        results: folder of what the benchmarks said.

    Raises:
        KeyError: a place names no table.
    """
    return _PLACE.sub(lambda found: found[1] + _section(found[2], results) + found[3], page)


def _section(name: str, results: Path) -> str:
    make = TABLES[name]
    path = results / f"{name}.json"
    if not path.exists():
        return f"Not measured yet: `python -m benchmarks {name}`.\n"
    kept = json.loads(path.read_text(encoding="utf-8"))
    return f"{make(kept['result'])}\n{_origin(kept)}\n"


def _origin(kept: Result) -> str:
    machine = kept["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (
        f"`{kept['command']}`, {kept['seconds']} s, on {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gb']} GB, load {machine['load']:.1f} at the end; Python {machine['python']}, "
        f"{versions}."
    )


def table(head: Sequence[str], rows: Rows) -> str:
    """Markdown, numbers to the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *([_cell(one) for one in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def search(result: Result) -> str:
    """Ours and bare, then by part."""
    rows = [[name, *_times(result[name])] for name in ("bare", "bare_as_typed", "ours")]
    rows.append(["times bare", result["ratio_p50"], result["ratio_p99"]])
    rows += [[f"of ours: {name}", *_times(each)] for name, each in result["by_part"].items()]
    rows.append(["a keystroke (suggest)", *_times(result["suggest"])])
    return f"{result['items']:,} products.\n\n" + table(["page", "p50 ms", "p99 ms"], rows)


def lexical(result: Result) -> str:
    """Built, and after changes."""
    rows = [
        [f"{state}, {name}", *_times(result[state][name])]
        for state in ("built", "live")
        for name in ("bare", "ours", "hits", "facets")
    ]
    rows += [
        [f"{state}, times bare", result[state]["ratio_p50"], result[state]["ratio_p99"]]
        for state in ("built", "live")
    ]
    head = f"{result['documents']:,} documents, {result['documents_per_s']:,} a second written.\n\n"
    return head + table(["page", "p50 ms", "p99 ms"], rows)


def recommend(result: Result) -> str:
    """By scenario."""
    rows = [
        [name, *_times(each), each["quickest_p99_ms"], result["recall"].get(name, "")]
        for name, each in result["times"].items()
    ]
    head = ["list", "p50 ms", "p99 ms", "p99 of quickest", "recall of factors"]
    return f"{result['items']:,} products.\n\n" + table(head, rows)


def http(result: Result) -> str:
    """By route and number of connections."""
    parts = []
    for connections, routes in result.items():
        if isinstance(routes, dict):
            rows = [
                [name, one["requests_a_second"], one["of_empty"], *_times(one), one["failed"]]
                for name, one in routes.items()
            ]
            head = [connections, "requests/s", "of empty", "p50 ms", "p99 ms", "failed"]
            parts.append(table(head, rows))
    return f"{result['products']:,} products, {result['workers']} workers.\n\n" + "\n".join(parts)


def build(result: Result) -> str:
    """Time and memory by size, then by stage."""
    rows = [
        [
            one["products"],
            one["seconds"],
            *(one["stages_s"][name] for name in ("import", "build", "publish")),
            one["peak_mb"],
            one["snapshot_mb"],
            one["bare_tantivy"]["seconds"],
            one["times_bare"]["whole"],
        ]
        for one in result["sizes"]
    ]
    head = [
        "products",
        "seconds",
        "import",
        "build",
        "publish",
        "peak MB",
        "snapshot MB",
        "bare s",
        "times bare",
    ]
    return table(head, rows) + "\n" + _stages(result["sizes"][-1])


def jobs(result: Result) -> str:
    """Time and memory by stage."""
    head = f"{result['products']:,} products, {result['events']:,} events: {result['seconds']} s.\n\n"
    return head + _stages(result)


def _stages(one: Result) -> str:
    rows = [[name, *each.values()] for name, each in one["by_stage"].items()]
    return table(["stage", "seconds", "peak MB"], rows)


def sessions(result: Result) -> str:
    """By number of events."""
    rows = [
        [
            one["events"],
            *(one[who][what] for who in ("ours", "duckdb") for what in ("seconds", "peak_mb")),
            one["time_ratio"],
            one["agreement"],
        ]
        for one in result["sizes"]
    ]
    head = ["events", "ours s", "ours MB", "DuckDB s", "DuckDB MB", "time ratio", "same neighbours"]
    return table(head, rows)


def factors(result: Result) -> str:
    """One line."""
    seconds = {name: sorted(each)[len(each) // 2] for name, each in result["seconds"].items()}
    row = [result["events"], result["cells"], seconds["implicit"], seconds["ours"], result["ratio"]]
    return table(["events", "cells", "implicit s", "ours s", "ratio"], [row])


def growth(result: Result) -> str:
    """One line a size."""
    rows = [
        [
            one["products"],
            one["build_s"],
            one["build_peak_mb"],
            one["snapshot_mb"],
            one["search"]["p50_ms"],
            one["search"]["p99_ms"],
            one["search_times_bare_p99"],
            one["suggest"]["p99_ms"],
            one["recommend"]["home"]["p99_ms"],
        ]
        for one in result["sizes"]
    ]
    head = ["products", "build s", "peak MB", "snapshot MB", "search p50", "search p99", "times bare"]
    return table([*head, "suggest p99", "home p99"], rows)


def vectors(result: Result) -> str:
    """Ours, bare FAISS and numpy by kind and filter."""
    rows = [
        [f"{kind}, {share}, {name}", *_times(one), one["recall"]]
        for kind in ("factors", "text")
        if kind in result
        for share, race in result[kind].items()
        if share != "build"
        for name, one in race.items()
    ]
    return f"{result['vectors']:,} vectors.\n\n" + table(["asked", "p50 ms", "p99 ms", "recall"], rows)


def text(result: Result) -> str:
    """Titles a second."""
    kinds = list(result["corpora"][0]["per_second"])
    rows = [
        [kind, *(value for one in result["corpora"] for value in (one["per_second"][kind],))]
        for kind in kinds
    ]
    return table(["texts a second", *(one["corpus"] for one in result["corpora"])], rows)


def journal(result: Result) -> str:
    """Events a second by threads and batch."""
    names = ["threads", "batch", "events_per_s", "p99_ms", "bare_events_per_s", "ratio"]
    head = ["threads", "batch", "events/s", "p99 ms", "bare SQLite events/s", "of bare"]
    return table(head, [[one[name] for name in names] for one in result["append"]])


def _times(one: Result) -> tuple[float, float]:
    return one["p50_ms"], one["p99_ms"]


def fuzz(result: Result) -> str:
    """Requests and properties."""
    rows = [
        [name, *(result[name][column] for column in ("tests", "failed", "seconds"))]
        for name in ("requests", "properties")
    ]
    head = f"{result['cases_each']} cases of each operation and way, {result['rounds']} rounds.\n\n"
    return head + table(["", "tests", "failed", "seconds"], rows)


TABLES: dict[str, Callable[[Result], str]] = {
    made.__name__: made
    for made in (
        search,
        lexical,
        recommend,
        http,
        build,
        jobs,
        sessions,
        factors,
        growth,
        vectors,
        text,
        journal,
        fuzz,
    )
}

if __name__ == "__main__":
    main()

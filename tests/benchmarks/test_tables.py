"""The figures of the guide come from the results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import HERE, machine
from benchmarks.tables import PAGE, TABLES, filled, table

RESULT = {
    "sizes": [
        {
            "events": 1_000_000,
            "ours": {"seconds": 1.25, "peak_mb": 540},
            "duckdb": {"seconds": 2.5, "peak_mb": 1200},
            "time_ratio": 0.5,
            "agreement": 0.998,
        }
    ]
}


def test_a_table_is_made_of_what_was_measured(tmp_path: Path) -> None:
    """Old figures go, text stays, numbers are those of the file; done again, nothing changes."""
    kept = {
        "command": "python -m benchmarks sessions",
        "seconds": 9,
        "machine": machine(),
        "result": RESULT,
    }
    (tmp_path / "sessions.json").write_text(json.dumps(kept))
    page = "before\n<!-- table sessions -->\n| 99 |\n<!-- end -->\nafter\n"
    made = filled(page, tmp_path)
    assert made.startswith("before\n<!-- table sessions -->\n| events |")
    assert "| 1,000,000 | 1.25 | 540 | 2.5 | 1,200 | 0.5 | 0.998 |" in made
    assert "`python -m benchmarks sessions`, 9 s, on " in made
    assert made.endswith("<!-- end -->\nafter\n")
    assert "99 |" not in made
    assert filled(made, tmp_path) == made


def test_what_was_not_measured_says_so(tmp_path: Path) -> None:
    """Rather than an old figure."""
    page = "<!-- table http -->\n| 1 |\n<!-- end -->"
    assert "Not measured yet: `python -m benchmarks http`" in filled(page, tmp_path)
    with pytest.raises(KeyError):
        filled("<!-- table nothing -->\n<!-- end -->", tmp_path)


def test_every_benchmark_has_its_place() -> None:
    """On the page, with a table, and a line in its summary."""
    names = {path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py")}
    page = PAGE.read_text("utf-8")
    assert names == set(TABLES)
    for name in names:
        assert page.count(f"<!-- table {name} -->") == 1
        assert f"| `{name}` |" in page


def test_cells() -> None:
    """Three digits, or whole thousands."""
    assert table(["a", "b"], [["x", 0.12345], ["y", 12345.6]]).splitlines()[2:] == [
        "| x | 0.123 |",
        "| y | 12,346 |",
    ]

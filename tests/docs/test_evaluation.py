"""The page of figures against the results that it is made from."""

from __future__ import annotations

import json
import re

from benchmarks.quality.tables import PAGE, RESULTS, TABLES, rendered

TEXT = PAGE.read_text(encoding="utf-8")


def test_every_table_is_that_of_its_result() -> None:
    """Made anew, the page is the same; no table is left out."""
    assert rendered(TEXT) == TEXT
    assert set(re.findall(r"<!-- ([a-z0-9-]+) -->", TEXT)) - {"end"} == set(TABLES)


def test_every_result_says_how_to_make_it_again() -> None:
    """Command, hashes, machine; the command stands in the page."""
    for name in {file for file, _ in TABLES.values()}:
        kept = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
        assert kept["command"].startswith("daogou evaluate ")
        assert kept["inputs"]
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in kept["inputs"].values())
        assert kept["machine"]["processor"]
        assert " ".join(kept["command"].split()[:4]) in TEXT or "daogou evaluate truth" in TEXT

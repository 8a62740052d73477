"""Serving is the base install: what the jobs need is never imported by a process that answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

JOBS = ("torch", "implicit", "duckdb", "sentence_transformers", "pypinyin", "numba", "scipy", "offline")
ANSWER = """
import sys
from pathlib import Path
from starlette.testclient import TestClient
import api.worker, indexing.keeper
from api.app import create_app
from api.settings import Settings
with TestClient(create_app(Settings(home=Path(sys.argv[1])))) as client:
    for path in ("/", "/search?q=shouji", "/item/p01", "/suggestions?q=sj"):
        assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path
print(sorted(set(sys.argv[2:]) & set(sys.modules)))
"""


def test_answers_need_none_of_the_jobs_libraries(built: Path) -> None:
    """A process that served a home page, a search by pinyin, a product and suggestions."""
    command = [sys.executable, "-c", ANSWER, str(built), *JOBS]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "[]"

"""Building: what is chosen, measured and written."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from indexing.vectors import ExactIndex, FaissIndex, ListsIndex, build_index, open_index
from indexing.vectors.exact import candidate_rows
from indexing.vectors.lists import write_lists
from indexing.vectors.recall import QUERIES, sample_queries, thresholds
from indexing.vectors.report import read_report


def grouped(size: int, dimension: int = 16, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((60, dimension), np.float32)
    return centres[rng.integers(0, 60, size)] + 0.6 * rng.standard_normal((size, dimension), np.float32)


@pytest.mark.parametrize(("kind", "method"), [("factors", "hnsw"), ("text", "ivf")])
def test_effort_is_the_least_that_reaches_the_target(tmp_path: Path, kind: str, method: str) -> None:
    """Recall is measured, at least the target, and a lower target needs no more effort."""
    vectors = grouped(6_000)
    high = build_index(vectors, tmp_path / "high", kind=kind, seed=1, exact_below=0, target_recall=0.99)
    low = build_index(vectors, tmp_path / "low", kind=kind, seed=1, exact_below=0, target_recall=0.5)
    assert (high.method, high.queries, high.candidates) == (method, QUERIES, 6_000)
    assert high.recall >= 0.99
    assert high.filtered_recall >= 0.95
    assert low.effort < high.effort or low.recall >= 0.99
    assert high.search_ms > 0
    assert high.bytes == sum(f.stat().st_size for f in (tmp_path / "high").iterdir() if f.suffix != ".json")
    assert read_report(tmp_path / "high") == high


def test_reported_recall_is_true(tmp_path: Path) -> None:
    """The recall in the report is what an independent count by row finds for the same queries."""
    vectors = grouped(6_000, seed=2)
    report = build_index(vectors, tmp_path, kind="factors", seed=5, exact_below=0, target_recall=0.9)
    index, truth = open_index(tmp_path), ExactIndex(vectors)
    queries = sample_queries(vectors, candidate_rows(vectors), "factors", 5)
    found = [
        len(np.intersect1d(index.search(q, 100).rows, truth.search(q, 100).rows)) / 100 for q in queries
    ]
    assert np.mean(found) == pytest.approx(report.recall, abs=1e-3)


@pytest.mark.parametrize("kind", ["factors", "text"])
def test_few_vectors_are_exact(tmp_path: Path, kind: str) -> None:
    """Below the bound there is no approximate index, and recall is 1."""
    report = build_index(grouped(500), tmp_path, kind=kind, seed=1)
    assert (report.method, report.recall, report.filtered_recall) == ("exact", 1.0, 1.0)
    assert isinstance(open_index(tmp_path), ExactIndex)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["index.json", "vectors.npy"]


@pytest.mark.parametrize("exact_below", [0, 50_000])
@pytest.mark.parametrize("size", [0, 1, 5, 60])
@pytest.mark.parametrize("kind", ["factors", "text"])
def test_tiny_shops(tmp_path: Path, kind: str, size: int, exact_below: int) -> None:
    """No vector, one, a few, with every method."""
    vectors = grouped(size)
    report = build_index(vectors, tmp_path, kind=kind, seed=1, exact_below=exact_below)
    hits = open_index(tmp_path).search(np.ones(16, np.float32), 10)
    assert len(hits.rows) == min(size, 10)
    assert report.recall == 1.0


def test_zeros_are_no_candidates(tmp_path: Path) -> None:
    """All zeros: an index that finds nothing; some zeros: counted, written as ``rows.npy``."""
    none = build_index(np.zeros((100, 8)), tmp_path / "none", kind="factors", seed=1, exact_below=0)
    assert none.candidates == 0
    assert len(open_index(tmp_path / "none").search(np.ones(8, np.float32), 5).rows) == 0
    some = grouped(3_000)
    some[::3] = 0
    report = build_index(some, tmp_path / "some", kind="factors", seed=1, exact_below=0)
    assert (report.size, report.candidates) == (3_000, 2_000)
    assert isinstance(open_index(tmp_path / "some"), FaissIndex)


@pytest.mark.parametrize(
    "vectors",
    [np.ones(5), np.ones((2, 2, 2)), np.array([[1.0, np.nan]]), np.array([[np.inf]]), np.ones((3, 0))],
)
def test_what_is_no_matrix_is_refused(tmp_path: Path, vectors: np.ndarray) -> None:
    """NaN, infinity and other shapes are errors before anything is built."""
    with pytest.raises(ValueError, match="matrix of finite numbers"):
        build_index(vectors, tmp_path, kind="text", seed=1)


def test_held_out_queries_decide(tmp_path: Path) -> None:
    """Queries that are given are those measured with; others of another dimension are refused."""
    held = grouped(32, seed=9)
    report = build_index(grouped(4_000), tmp_path, kind="factors", seed=1, exact_below=0, queries=held)
    assert report.queries == 32
    with pytest.raises(ValueError, match="dimensions"):
        build_index(grouped(40), tmp_path, kind="factors", seed=1, queries=np.ones((3, 4)))


def test_progress_ends_at_all(tmp_path: Path) -> None:
    """Progress is reported up to the number of candidates."""
    seen: list[tuple[int, int]] = []
    build_index(
        grouped(300),
        tmp_path,
        kind="factors",
        seed=1,
        exact_below=0,
        progress=lambda *now: seen.append(now),
    )
    assert seen[-1] == (300, 300)


def test_queries_are_seeded_and_finite() -> None:
    """The same seed makes the same queries; factor queries are what least squares folds in."""
    vectors = grouped(2_000)
    rows = candidate_rows(vectors)
    for kind in ("factors", "text"):
        first, again = (sample_queries(vectors, rows, kind, 3) for _ in range(2))
        np.testing.assert_array_equal(first, again)
        assert first.shape == (QUERIES, 16)
        assert np.isfinite(first).all()
        assert not np.array_equal(first, sample_queries(vectors, rows, kind, 4))


def test_thresholds_are_the_hundredth_best() -> None:
    """Against sorting everything; with fewer than a hundred, the last."""
    vectors = grouped(500)
    queries = grouped(4, seed=1)
    rows = np.arange(500, dtype=np.int32)
    scores = np.sort(queries @ vectors.T, axis=1)
    np.testing.assert_allclose(thresholds(vectors, rows, queries), scores[:, -100], rtol=1e-5)
    np.testing.assert_allclose(
        thresholds(vectors, rows[:30], queries), (queries @ vectors[:30].T).min(axis=1), rtol=1e-5
    )


def test_a_mask_that_leaves_nothing_near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Phones for who asks for coffee: more lists are read, and most of the best found, without a scan."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((60, 16), np.float32)
    group = rng.integers(0, 60, 40_000)
    vectors = centres[group] + 0.6 * rng.standard_normal((40_000, 16), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    build_index(vectors, tmp_path, kind="text", seed=1, exact_below=0)
    index, oracle = open_index(tmp_path), ExactIndex(vectors)
    monkeypatch.setattr(ListsIndex, "exact_below", lambda *_: 0)
    shares = []
    for query in centres:
        mask = ~np.isin(group, np.argsort(-(centres @ query))[:40])
        hits, truth = index.search(query, 100, mask=mask), oracle.search(query, 100, mask=mask)
        assert len(hits.rows) == 100
        assert mask[hits.rows].all()
        shares.append(np.mean(hits.scores >= truth.scores[-1] - 1e-6))
    assert np.mean(shares) >= 0.75


@pytest.mark.parametrize("name", ["starts.npy", "members.npy", "places.npy", "centroids.npy"])
def test_lists_that_do_not_belong_together_are_an_error(tmp_path: Path, name: str) -> None:
    """A file of another index: never rows that are not there."""
    for folder, size in (("one", 3_000), ("other", 5_000)):
        build_index(grouped(size), tmp_path / folder, kind="text", seed=1, exact_below=0)
    (tmp_path / "one" / name).write_bytes((tmp_path / "other" / name).read_bytes())
    with pytest.raises(ValueError, match="lists"):
        open_index(tmp_path / "one")


def test_vectors_by_list_are_written_and_not_mapped(tmp_path: Path) -> None:
    """A disk that fills under a map ends the process by a signal; under a write it is an error. Into a pipe
    one can only write."""
    vectors, rows = grouped(3_000), np.arange(3_000, dtype=np.int32)
    os.mkfifo(tmp_path / "vectors.npy")
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit((tmp_path / "vectors.npy").read_bytes)
        write_lists(tmp_path, vectors[:2], rows[::-1] % 2, rows, vectors)
    written = np.load(io.BytesIO(read.result()))
    np.testing.assert_array_equal(written, np.concatenate([vectors[1::2], vectors[::2]]))
    np.testing.assert_array_equal(written[np.load(tmp_path / "places.npy")], vectors)


def test_an_open_index_is_mapped(tmp_path: Path) -> None:
    """Opening an index of 80 MB in another process and searching it keeps that process's private memory
    within 20 MB of what it was."""
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((100_000, 100), np.float32)
    build_index(vectors, tmp_path, kind="text", seed=1, exact_below=0, target_recall=0.1)
    program = """
import sys, pathlib, numpy as np, re
from indexing.vectors import open_index, ExactIndex
ExactIndex(np.ones((2, 100), np.float32)).search(np.ones(100, np.float32), 1)
def private():  # of file pages smaps says "dirty" while they wait to be written: only Anonymous is private
    text = pathlib.Path("/proc/self/smaps_rollup").read_text()
    return sum(int(n) for n in re.findall(r"Anonymous: +(\\d+)", text)) // 1024
before = private()
index = open_index(pathlib.Path(sys.argv[1]))
for seed in range(50):
    index.search(np.random.default_rng(seed).standard_normal(100, np.float32), 100)
print(private() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert int(done.stdout) < 20

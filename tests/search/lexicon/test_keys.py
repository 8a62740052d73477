"""Postings by key: look-ups agree with a plain reading of what was written."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from search.lexicon.keys import Keys, write_keys

KEYS = st.text("abc手机é😀", min_size=0, max_size=4)
POSTINGS = st.lists(
    st.tuples(KEYS, st.integers(0, 9), st.sampled_from([0.1, 0.5, 0.5, 0.9, -1.0])), max_size=30
)


@given(postings=POSTINGS, wanted=KEYS, most=st.integers(1, 12))
def test_look_ups(postings: list[tuple[str, int, float]], wanted: str, most: int) -> None:
    """Under a key: all its postings, best first. Under a prefix: each entry once, by its best score."""
    with TemporaryDirectory() as folder:
        write_keys(Path(folder), "k", postings)
        keys = Keys.open(Path(folder), "k")
        held = [(key, entry, score) for key, entry, score in postings if key]
        of_key = sorted(((-score, entry) for key, entry, score in held if key == wanted))
        entries, scores = keys.exact(wanted, most)
        expected = of_key[:most]
        assert entries.tolist() == [entry for _, entry in expected]
        assert [round(float(one), 3) for one in scores] == [-score for score, _ in expected]
        best: dict[int, float] = {}
        for key, entry, score in held:
            if key.startswith(wanted):
                best[entry] = max(best.get(entry, -9.0), score)
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        entries, scores = keys.prefix(wanted, len(best) + 1)
        assert list(zip(entries.tolist(), [round(float(one), 3) for one in scores], strict=True)) == ranked


def test_prefix_of_many(tmp_path: Path) -> None:
    """Of a large range the best are found without sorting it."""
    write_keys(tmp_path, "k", ((f"a{n:05}", n, float((n * 7919) % 10_007)) for n in range(10_000)))
    entries, scores = Keys.open(tmp_path, "k").prefix("a", 5)
    best = sorted(range(10_000), key=lambda n: -((n * 7919) % 10_007))[:5]
    assert entries.tolist() == best
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)

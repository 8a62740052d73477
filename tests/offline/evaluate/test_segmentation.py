"""Agreement is what it says; the two segmenters agree on real queries."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing.contracts.errors import InputError
from indexing.text import build_analyser
from offline.evaluate.segmentation import read_queries, segmentation

DATA = Path(__file__).parents[4] / "shared" / "data" / "chinese" / "queries" / "taobao-queries.tsv"


def nothing(stage: str, done: int, total: int) -> None:
    """Progress that is not shown."""


def test_queries_are_folded_and_empty_ones_left_out(tmp_path: Path) -> None:
    """The second column; a file without a tab holds none."""
    path = tmp_path / "queries.tsv"
    path.write_text("1\t咖啡機\n2\t\n3\tＭＫ-15\n", encoding="utf-8")
    assert read_queries(path) == ["咖啡机", "mk-15"]
    path.write_text("咖啡机\n", encoding="utf-8")
    with pytest.raises(InputError, match="no query"):
        read_queries(path)
    with pytest.raises(InputError, match="no file"):
        read_queries(tmp_path / "absent.tsv")


class Characters:
    """An oracle that cuts everywhere."""

    def lcut(self, text: str, HMM: bool = True) -> list[str]:  # noqa: N803 - jieba's own name
        return list(text)


def test_agreement_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """电 热水壶 against four characters: one place cut by both, of one and three; 壶 is cut by none."""
    path = tmp_path / "queries.tsv"
    path.write_text("1\t电热水壶\n2\t壶\n", encoding="utf-8")
    monkeypatch.setattr("offline.evaluate.segmentation.tokenizer", Characters)
    found = segmentation(path, progress=nothing)
    ours = build_analyser(()).segmenter.cut("电热水壶")
    cuts = len(ours) - 1
    assert cuts < 3
    assert (found.queries, found.agree.mean) == (2, 0.5)
    assert found.boundary_f1 == pytest.approx(2 * cuts / (cuts + 3), abs=1e-5)


def test_real_queries_are_cut_alike(tmp_path: Path) -> None:
    """99 of 100 of the first 5,000."""
    if not DATA.exists():
        pytest.skip(f"no queries at {DATA}")
    some = tmp_path / "queries.tsv"
    with DATA.open(encoding="utf-8") as lines:
        some.write_text(
            "".join(line for _, line in zip(range(5_000), lines, strict=False)), encoding="utf-8"
        )
    found = segmentation(some, progress=nothing)
    assert found.agree.mean > 0.99
    assert found.boundary_f1 > 0.995
    assert 0.5 < found.agree_with_model < found.agree.mean

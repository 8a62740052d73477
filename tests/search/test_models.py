"""Models are mapped once a snapshot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexing.contracts.errors import SnapshotBroken
from search import SearchEngine
from search.models import open_embedder, open_models
from tests.search.shop import ITEMS, Make


def test_engines_share_the_models_of_a_snapshot(make: Make) -> None:
    """A second engine over the same snapshot costs nothing."""
    catalogue = make(ITEMS, popularity=[0.0] * len(ITEMS))
    first = open_models(catalogue)
    SearchEngine(catalogue)
    assert open_models(catalogue) is first
    assert first.lexicon is not None


def test_broken_popularity_is_said(make: Make, tmp_path: Path) -> None:
    """A file that is no array names its folder."""
    catalogue = make(ITEMS, lexicon=False, popularity=[0.0] * len(ITEMS))
    (tmp_path / "models" / "popularity" / "scores.npy").write_bytes(b"nothing")
    with pytest.raises(SnapshotBroken) as caught:
        open_models(catalogue)
    assert caught.value.path == str(tmp_path / "models" / "popularity")


def test_broken_text_model_is_said(make: Make, tmp_path: Path) -> None:
    """Absent files are a broken snapshot, an absent folder is no model."""
    catalogue = make(ITEMS, lexicon=False)
    assert open_embedder(catalogue) is None
    (tmp_path / "models" / "text").mkdir()
    with pytest.raises(SnapshotBroken):
        open_embedder(catalogue)


def test_popularity_by_score(make: Make) -> None:
    """The order is by score, ties by row."""
    sold = open_models(make(ITEMS[:4], lexicon=False, popularity=[0.1, 0.9, 0.1, 0.5])).popularity
    assert sold is not None
    assert sold.order.tolist() == [1, 3, 0, 2]
    assert sold.of(np.array([3, 99], np.int32)).tolist() == [0.5, 0.0]

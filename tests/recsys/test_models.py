"""Models as they lie on the disk."""

from __future__ import annotations

import numpy as np
import pytest

from indexing.contracts.errors import SnapshotBroken
from indexing.vectors.codes import encoded
from recsys.by_length import FIRST
from recsys.models import open_models


def test_models_are_mapped_and_not_copied(planted):
    """Workers share them: what is opened is backed by the file."""
    models = open_models(planted.catalogue)
    for array in (models.factors.items, models.item_item.rows, models.trend.order, models.complements.best):
        assert isinstance(array.base, np.memmap)
        assert not array.flags.writeable


def test_what_was_not_built_is_none(make_catalogue):
    """A shop without events."""
    models = open_models(make_catalogue([]))
    assert models.factors is models.item_item is models.co_purchase is models.complements is None
    assert models.trend is models.popularity is models.trend_now is None
    assert len(models.newest) == 0


@pytest.mark.parametrize(
    "name",
    [
        "factors/items.npy",
        "factors/model.json",
        "item_item/neighbours.npy",
        "co_purchase/scores.npy",
        "complements/partners.npy",
        "trend/order.npy",
        "popularity/scores.npy",
    ],
)
@pytest.mark.parametrize("damage", ["absent", "short", "empty"])
def test_a_damaged_file_is_a_broken_snapshot(planted, tmp_path, name, damage):
    """Absent, cut in half, or empty: never a library's exception, and never a wrong answer later."""
    path = tmp_path / "models" / name
    content = path.read_bytes()
    path.unlink()
    if damage != "absent":
        path.write_bytes(content[: len(content) // 2] if damage == "short" else b"")
    with pytest.raises(SnapshotBroken, match="fake"):
        open_models(planted.catalogue)


def test_a_model_of_other_rows_is_a_broken_snapshot(planted, tmp_path):
    """A folder copied from another snapshot."""
    np.save(tmp_path / "models" / "popularity" / "scores.npy", np.zeros(7, np.float32))
    with pytest.raises(SnapshotBroken, match="popularity is of 7 rows, the snapshot of 480"):
        open_models(planted.catalogue)


def _with_codes(planted, folder, coded):
    rng = np.random.default_rng(0)
    vectors = np.load(folder / "by_length.npy")
    many = rng.normal(size=(9_000, vectors.shape[1])).astype(np.float32)
    codes, values = encoded(many)
    np.save(folder / "by_length.npy", many)
    np.save(folder / "order.npy", np.zeros(9_000, np.int32))
    np.save(folder / "lengths.npy", np.ones(9_000, np.float32))
    np.save(folder / "codes.npy", codes[:coded])
    np.save(folder / "code_values.npy", values)


def test_codes_are_opened_where_there_are_some(planted, tmp_path):
    """Snapshots of before have none, nor have small shops."""
    assert open_models(planted.catalogue).factors.by_length.codes == ()
    _with_codes(planted, tmp_path / "models" / "factors", 9_000 - FIRST)
    (codes,) = open_models(planted.catalogue).factors.by_length.codes
    assert len(codes) == 9_000 - FIRST


@pytest.mark.parametrize("damage", ["more codes than vectors", "other values", "absent", "short"])
def test_codes_that_cannot_be_read_are_a_broken_snapshot(planted, tmp_path, damage):
    """Never an answer of places that are not there."""
    folder = tmp_path / "models" / "factors"
    _with_codes(planted, folder, 9_000 if damage == "more codes than vectors" else 100)
    values = folder / "code_values.npy"
    if damage == "other values":
        np.save(values, np.zeros((3, 16), np.float32))
    elif damage == "absent":
        values.unlink()
    elif damage == "short":
        values.write_bytes(values.read_bytes()[:100])
    with pytest.raises(SnapshotBroken, match="fake"):
        open_models(planted.catalogue)

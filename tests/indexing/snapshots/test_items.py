"""The item store: whatever an item holds comes back."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.contracts.errors import InputError
from indexing.contracts.items import Item
from indexing.snapshots import items as item_files
from indexing.snapshots.items import ItemStore, ItemWriter
from indexing.snapshots.storable import encode_item

_TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
_VALUE = st.one_of(
    _TEXT,
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.lists(_TEXT, max_size=3),
)
_TIME = st.datetimes(
    datetime(1970, 1, 2),  # noqa: DTZ001 (hypothesis adds the zone)
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
_ITEM = st.builds(
    Item,
    item_id=_TEXT,
    title=_TEXT,
    brand=st.none() | _TEXT,
    category=st.lists(_TEXT, max_size=3),
    price_minor=st.none() | st.integers(0, 10**12),
    in_stock=st.booleans(),
    attributes=st.dictionaries(_TEXT, _VALUE, max_size=4),
    tags=st.lists(_TEXT, max_size=3),
    rating=st.none() | st.floats(0, 5),
    created_at=st.none() | _TIME,
    description=st.none() | _TEXT,
    version=st.none() | st.integers(0, 2**62),
)


def add(writer: ItemWriter, item: Item) -> None:
    item, body = encode_item(item)
    writer.add(item.item_id, body)


def stored(folder: Path, items: list[Item]) -> ItemStore:
    with ItemWriter(folder) as writer:
        for item in items:
            add(writer, item)
        assert writer.finish() == len(items)
    return ItemStore(folder)


@settings(max_examples=150, deadline=None)
@given(st.lists(_ITEM, max_size=8, unique_by=lambda item: item.item_id))
def test_round_trip(items: list[Item]) -> None:
    """Any items, with any characters in any field, are read as they were written, by row and by id."""
    items = sorted(items, key=lambda item: item.item_id)
    with tempfile.TemporaryDirectory() as folder:
        store = stored(Path(folder), items)
        assert len(store) == len(items)
        assert store.items(np.arange(len(items), dtype=np.int32)) == items
        assert [store.ids.find(item.item_id) for item in items] == list(range(len(items)))
        assert [msgspec.json.decode(store.body(row), type=Item) for row in range(len(items))] == items


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 9])
def test_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Rows are found on both sides of a batch's end."""
    monkeypatch.setattr(item_files, "_BATCH", 4)
    items = [Item(item_id=f"{number:03}", title=f"t{number}") for number in range(count)]
    store = stored(tmp_path, items)
    assert [store.item(row) for row in range(count)] == items
    with pytest.raises(IndexError):
        store.item(count)


@pytest.mark.parametrize(("first", "second"), [("b", "a"), ("a", "a"), ("\U0001f600", "\uffff")])
def test_unsorted_items_are_refused(tmp_path: Path, first: str, second: str) -> None:
    """Out of order (by code point, as UTF-8 sorts) or twice is an error that names both."""
    with ItemWriter(tmp_path) as writer:
        add(writer, Item(item_id=first, title="x"))
        with pytest.raises(InputError) as caught:
            add(writer, Item(item_id=second, title="x"))
    assert caught.value.code == "order"


def test_what_json_cannot_say_is_repaired(tmp_path: Path) -> None:
    """Lone surrogates become U+FFFD, numbers that are not finite are missing, the rest stays."""
    broken = Item(
        item_id="a\ud800",
        title="咖\udfff啡",
        rating=float("nan"),
        tags=["\ud83d"],
        attributes={"k\ud800": "v\ud800", "n": float("inf"), "ok": 1.5},
    )
    store = stored(tmp_path, [broken, Item(item_id="b", title="null")])
    assert store.item(0) == Item(
        item_id="a\ufffd", title="咖\ufffd啡", tags=["\ufffd"], attributes={"k\ufffd": "v\ufffd", "ok": 1.5}
    )
    assert store.item(1).title == "null"


def test_what_is_no_item_is_refused() -> None:
    """A struct that its own type refuses names its id."""
    with pytest.raises(InputError, match="'a' cannot be stored"):
        encode_item(Item(item_id="a", title=""))


def test_ids_and_bodies_must_fit(tmp_path: Path) -> None:
    """A store whose files are of two builds is refused."""
    for name, count in (("one", 3), ("two", 4)):
        (tmp_path / name).mkdir()
        stored(tmp_path / name, [Item(item_id=str(number), title="x") for number in range(count)])
    (tmp_path / "two" / "ids.arrow").replace(tmp_path / "one" / "ids.arrow")
    with pytest.raises(ValueError, match="4 ids, but 3 items"):
        ItemStore(tmp_path / "one")

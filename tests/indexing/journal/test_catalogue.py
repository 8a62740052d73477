"""The catalogue table."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.contracts.errors import InputError, JournalError
from indexing.contracts.items import Item
from indexing.journal import Journal, open_journal
from indexing.journal.catalogue_files import EXPORT_SCHEMA
from indexing.journal.states import Delete, patch, put
from offline.simulate.tables import item_batches

CUP = Item(
    "cup",
    "膳魔师 保温杯 500ml",
    brand="膳魔师",
    category=["家居", "水杯"],
    price_minor=12900,
    attributes={"容量": 500, "颜色": ["黑", "白"], "礼盒": True},
    tags=["热销"],
    rating=4.5,
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
    version=3,
)


def statuses(outcomes: list) -> list[str]:
    return [outcome.status for outcome in outcomes]


def test_put_and_get(journal: Journal) -> None:
    """What was put is what get gives, also after the journal was closed and opened."""
    assert statuses(journal.catalogue.put([CUP])) == ["created"]
    assert journal.catalogue.get("cup") == CUP
    journal.close()
    with open_journal(journal.home) as again:
        assert again.catalogue.get("cup") == CUP
        assert again.catalogue.get("mug") is None


def test_outcomes_and_numbers(journal: Journal) -> None:
    """Each change that can be seen has the next number; others keep the number they found."""
    table = journal.catalogue
    assert [o.seq for o in table.put([Item("a", "x"), Item("b", "y", version=2)])] == [1, 2]
    assert [(o.status, o.seq) for o in table.put([Item("a", "x"), Item("b", "z", version=1)])] == [
        ("unchanged", 1),
        ("stale", 2),
    ]
    moved = table.patch("a", {"price_minor": 5})
    assert (moved.status, moved.seq) == ("updated", 3)
    assert [(o.status, o.seq) for o in table.delete(["a", "a", "never"])] == [
        ("deleted", 4),
        ("missing", 4),
        ("missing", 0),
    ]
    assert (table.patch("a", {"price_minor": 6}).status, table.seq(), table.count()) == ("missing", 4, 1)
    assert statuses(table.put([Item("a", "x")])) == ["created"]


def test_same_content_under_a_new_version_is_unchanged(journal: Journal) -> None:
    """A feed that only counts its versions up wakes nobody, and its versions count all the same."""
    journal.catalogue.put([Item("a", "x", version=1)])
    assert statuses(journal.catalogue.put([Item("a", "x", version=8)])) == ["unchanged"]
    assert journal.catalogue.seq() == 1
    assert statuses(journal.catalogue.put([Item("a", "y", version=7)])) == ["stale"]


def test_changes_come_in_order_and_only_the_last_of_an_item(journal: Journal) -> None:
    """Changes after a number, each item once, deletions as such."""
    table = journal.catalogue
    table.put([Item("a", "x"), Item("b", "y"), Item("c", "z")])
    table.patch("a", {"in_stock": False})
    table.delete(["b"])
    changes = table.changes(0, 10)
    assert [(c.seq, c.item_id, c.kind) for c in changes] == [
        (3, "c", "put"),
        (4, "a", "put"),
        (5, "b", "delete"),
    ]
    assert [c.item for c in changes] == [Item("c", "z"), Item("a", "x", in_stock=False), None]
    assert [c.seq for c in table.changes(3, 1)] == [4]
    assert table.changes(5, 10) == []


def test_one_bad_patch_leaves_the_others_alone(journal: Journal) -> None:
    """A wrong patch is refused before it reaches the table."""
    journal.catalogue.put([Item("a", "x")])
    with pytest.raises(InputError) as raised:
        journal.catalogue.patch("a", {"price_minor": "dear"})
    assert raised.value.field == "price_minor"
    assert journal.catalogue.seq() == 1


@pytest.mark.parametrize("item_id", ["", "a\0b", "\ud800", "x" * 129])
def test_ids_that_no_database_keeps_are_refused(journal: Journal, item_id: str) -> None:
    """An empty, too long or broken id is an error in every call that would store it."""
    for call in (
        lambda: journal.catalogue.put([Item(item_id, "x")]),
        lambda: journal.catalogue.patch(item_id, {"in_stock": True}),
        lambda: journal.catalogue.delete([item_id]),
        lambda: journal.catalogue.get(item_id),
    ):
        with pytest.raises(InputError) as raised:
            call()
        assert raised.value.field == "item_id"


def test_export_is_sorted_and_whole(journal: Journal, tmp_path: Path) -> None:
    """All live items by id, in code point order; each whole, and what jobs read beside it."""
    ids = ["b", "a", "é", "中", "Z", "𠮷", "￥"]  # 𠮷 (a rare character) follows ￥, unlike in UTF-16
    journal.catalogue.put([Item(i, f"题 {i}") for i in ids] + [CUP, Item("gone", "x")])
    journal.catalogue.delete(["gone"])
    path, seq = journal.catalogue.export(tmp_path / "out")
    table = pa.ipc.open_file(path).read_all()
    assert seq == journal.catalogue.seq()
    assert table.schema.equals(EXPORT_SCHEMA)
    assert table["item_id"].to_pylist() == sorted([*ids, "cup"])
    row = table.filter(pa.compute.equal(table["item_id"], "cup")).to_pylist()[0]
    assert (row["title"], row["brand"], row["category"]) == (CUP.title, CUP.brand, CUP.category)
    assert msgspec.json.decode(row["body"], type=Item) == CUP
    assert list(path.parent.iterdir()) == [path]


def test_export_of_nothing_is_an_empty_table(journal: Journal, tmp_path: Path) -> None:
    """A shop without items exports a file without rows."""
    path, seq = journal.catalogue.export(tmp_path)
    assert (pa.ipc.open_file(path).read_all().num_rows, seq) == (0, 0)


def test_loaded_twice_is_exported_the_same(journal: Journal, tmp_path: Path) -> None:
    """A catalogue, loaded into two shops, as items and as Arrow, is the same export of both."""
    items = [Item(f"p{n:05d}", f"商品 {n}", price_minor=n, version=n) for n in range(12_000)]
    report = journal.catalogue.load(iter(items))
    assert (report.outcomes, report.seq) == ({"created": 12_000}, 12_000)
    path, _ = journal.catalogue.export(tmp_path / "one")
    table = pa.Table.from_batches(item_batches(items))
    with open_journal(tmp_path / "other") as other:
        assert other.catalogue.load(table).outcomes == {"created": 12_000}
        assert other.catalogue.load(table.to_reader()).outcomes == {"unchanged": 12_000}
        again, _ = other.catalogue.export(tmp_path / "two")
    assert again.read_bytes() == path.read_bytes()


def test_load_names_the_row_that_is_no_item(journal: Journal) -> None:
    """A bad row of Arrow data is an error with its number."""
    table = pa.table({"item_id": ["a", "b"], "title": ["x", ""]})
    with pytest.raises(InputError, match="row 1"):
        journal.catalogue.load(table)


def test_many_threads_one_numbering(journal: Journal) -> None:
    """Concurrent changes get numbers without gaps, and each reader sees a number only with its rows."""
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(
            pool.map(lambda n: journal.catalogue.put([Item(f"i{n % 40}", f"t{n}")])[0], range(400))
        )
    assert sorted(o.seq for o in outcomes) == list(range(1, 401))
    assert journal.catalogue.seq() == 400
    assert journal.catalogue.changes(0, 100)[-1].seq == 400


CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "patch", "delete"]), st.sampled_from("ab"), st.integers(0, 3)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25)
@given(shape=CHANGES, seed=st.integers(0, 2**32))
def test_versioned_changes_converge_in_the_table(
    shape: list[tuple[str, str, int]], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two shops that get the same versioned changes in different orders and groups hold the same items."""
    changes = []
    for version, (kind, item_id, value) in enumerate(shape):
        if kind == "put":
            changes.append(put(Item(item_id, f"t{value}", price_minor=value, version=version)))
        elif kind == "patch":
            changes.append(patch(item_id, {"price_minor": value, "version": version}))
        else:
            changes.append(Delete(item_id, version))
    shuffled = random.Random(seed).sample(changes, len(changes))
    held = []
    for order, step in ((changes, 1), (shuffled, 3)):
        with open_journal(tmp_path_factory.mktemp("shop")) as journal:
            for start in range(0, len(order), step):
                journal.catalogue.submit(order[start : start + step]).result()
            held.append((journal.catalogue.get("a"), journal.catalogue.get("b"), journal.catalogue.count()))
    assert held[0] == held[1]


def test_a_damaged_item_is_named_and_can_be_put_again_or_deleted(home: Path, journal: Journal) -> None:
    """By whoever reads it; what was damaged is no obstacle to what takes its place."""
    table = journal.catalogue
    one = Item("p1", "手机")
    for body, mend in product((b"{", b'{"item_id":"\xff"}', b'{"item_id":1}'), ("put", "delete")):
        table.put([one, Item("p2", "耳机")])
        with closing(
            sqlite3.connect(home / "journal/catalogue.sqlite", isolation_level=None)
        ) as connection:
            connection.execute("UPDATE items SET body = ? WHERE item_id = 'p1'", (body,))
        readers: tuple[Callable[[], object], ...] = (
            lambda: table.get("p1"),
            lambda: table.changes(0),
            lambda: table.export(home / "exported"),
        )
        for read in readers:
            with pytest.raises(JournalError, match="the product 'p1' cannot be read"):
                read()
        assert len(list(table.damaged())) == 1
        table.put([one]) if mend == "put" else table.delete(["p1"])
        assert list(table.damaged()) == []
        assert table.get("p1") == (one if mend == "put" else None)

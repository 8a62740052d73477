"""A live catalogue is what a build of the same moment would be."""

from __future__ import annotations

import random

import numpy as np
import pytest

from indexing.contracts.filter_parser import parse
from indexing.contracts.items import Item
from indexing.keeper import column_files
from indexing.lexical.base import LexicalQuery, Term
from indexing.snapshots import verify
from indexing.text import fold
from tests.indexing.keeper.conftest import World, random_item
from tests.indexing.keeper.same import assert_same


@pytest.mark.parametrize("seed", range(3))
def test_as_if_built(world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After random changes every answer is that of a build, also when files have to grow."""
    monkeypatch.setattr(column_files, "_LEAST_ROOM", 1 if seed % 2 else 1024)
    name = world.build()
    writer = world.writer(name)
    world.follow(writer)
    live = world.open(name)
    assert_same(live, world.fresh())
    rng = random.Random(seed)
    for _ in range(6):
        world.live_a_little(rng, 12)
        world.follow(writer)
        live = live.newest()
        assert live.catalogue_seq == world.journal.catalogue.seq()
    assert_same(live, world.fresh())
    assert_same(world.open(name), world.fresh())
    verify(world.path(name))


def test_a_moment_stays(world: World) -> None:
    """What was held before a change answers as before; only prices and stock, shared by all, are new."""
    name = world.build()
    writer = world.writer(name)
    world.follow(writer)
    before = world.open(name)
    rows = np.arange(before.rows, dtype=np.int32)
    query = LexicalQuery((Term((("手机", 1.0),)),))
    hits = before.lexical.search(query, limit=500).rows.tolist()
    titles = [item.title for item in before.items(rows)]
    tree = parse('brand = "小米" OR tags = "新品"', before.columns.kinds, fold=fold)
    mask, alive = before.mask(tree).copy(), before.alive().copy()
    rng = random.Random(1)
    for _ in range(5):
        world.live_a_little(rng, 20)
        world.follow(writer)
        assert before.newest() is not before
    assert before.lexical.search(query, limit=500).rows.tolist() == hits
    assert [item.title for item in before.items(rows)] == titles
    np.testing.assert_array_equal(before.mask(tree), mask)
    np.testing.assert_array_equal(before.alive(), alive)
    assert before.rows == len(rows)


def test_nothing_new_is_the_same_object(world: World) -> None:
    """Looking costs nothing while nothing changes."""
    name = world.build()
    writer = world.writer(name)
    world.follow(writer)
    live = world.open(name)
    assert live.newest() is live
    assert world.follow(writer) == 0
    assert live.newest() is live


def test_prices_do_not_grow_the_overlay(world: World) -> None:
    """A thousand new prices are seen everywhere and leave nothing per item behind."""
    name = world.build()
    writer = world.writer(name)
    world.follow(writer)
    live = world.open(name)
    text = live.columns.text("brand").codes
    for number in range(1000):
        world.journal.catalogue.submit(
            [_price(f"p{number % 40:03}", number, stock=number % 3 == 0, version=number)]
        )
    world.journal.catalogue.patch("p000", {"price_minor": 77, "version": 5000})
    world.follow(writer)
    live = live.newest()
    assert live.item(0).price_minor == 77
    assert live.item(0).version == 5000
    assert not writer._overlay.of_row(0)
    assert writer._overlay._connection.execute("SELECT count(*) FROM items").fetchone() == (0,)
    assert live.columns.text("brand").codes.ctypes.data == text.ctypes.data
    cheap = parse("price_minor = 77", live.columns.kinds, fold=fold)
    assert np.flatnonzero(live.mask(cheap)).tolist() == [0]
    assert live.lexical.search(LexicalQuery(filter=cheap), limit=5).rows.tolist() == [0]
    assert_same(live, world.fresh())


def test_a_new_item_at_once(world: World) -> None:
    """Found by words and by the vector of its title; gone from both when deleted; back in the same row."""
    name = world.build()
    writer = world.writer(name)
    world.follow(writer)
    live = world.open(name)
    item = Item("zz", "轻便 运动鞋", brand="从未见过", price_minor=5)
    world.journal.catalogue.put([item])
    world.follow(writer)
    live = live.newest()
    row = live.row_of("zz")
    assert row == live.built_rows == live.rows - 1
    query = LexicalQuery((Term((("从未见过", 1.0),)),))
    assert live.lexical.count(query) == len(live.lexical.search(query, limit=5).rows) == 1
    index = live.vectors("text")
    assert index is not None
    own = index.vectors(np.array([row], np.int32))[0]
    assert row in index.search(own, live.rows).rows
    world.journal.catalogue.delete(["zz"])
    world.follow(writer)
    gone = live.newest()
    assert (gone.row_of("zz"), gone.rows_of(["zz"]).tolist()) == (-1, [-1])
    assert not gone.alive()[row]
    assert gone.lexical.count(query) == 0
    index = gone.vectors("text")
    assert index is not None
    assert row not in index.search(own, gone.rows).rows
    world.journal.catalogue.put([random_item(random.Random(3), "zy"), item])
    world.follow(writer)
    back = gone.newest()
    assert (back.row_of("zz"), back.row_of("zy")) == (row, row + 1)
    assert back.item(row) == item


def test_two_readers_see_the_same(world: World) -> None:
    """One that was there all the time and one that came late have equal rows and items."""
    name = world.build()
    writer = world.writer(name)
    world.follow(writer)
    early = world.open(name)
    rng = random.Random(9)
    for _ in range(4):
        world.live_a_little(rng, 20)
        world.follow(writer)
        early = early.newest()
    late = world.open(name)
    assert (late.rows, late.catalogue_seq) == (early.rows, early.catalogue_seq)
    np.testing.assert_array_equal(late.alive(), early.alive())
    for row in range(late.rows):
        assert late.id_of(row) == early.id_of(row)
        assert late.item(row) == early.item(row)
    with pytest.raises(IndexError):
        late.id_of(late.rows)


def test_without_a_live_folder(world: World) -> None:
    """It is the snapshot as it was built, until a keeper makes one."""
    name = world.build()
    live = world.open(name)
    assert_same(live, world.fresh())
    assert live.newest() is live
    world.journal.catalogue.patch("p001", {"price_minor": 1})
    writer = world.writer(name)
    assert live.newest() is live  # not yet readable
    world.follow(writer)
    live = live.newest()
    assert live.item(1).price_minor == 1
    assert_same(live, world.fresh())


def _price(item_id: str, price: int, *, stock: bool, version: int) -> object:
    from indexing.journal import states

    return states.patch(item_id, {"price_minor": price, "in_stock": stock, "version": version})

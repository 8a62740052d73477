"""The demo shop's catalogue: reproducible, streamed, and like a shop."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from api.storefront.pictures import TINTS, is_drawn, shapes
from indexing.contracts.items import ITEM_SCHEMA, Item
from indexing.contracts.shop import dump_shop, load_shop
from offline.simulate import catalogue
from offline.simulate.declaration import DEMO_SHOP
from offline.simulate.tables import item_batches, write_table
from offline.simulate.tree import LEAVES, complements

LAST_DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return list(catalogue(6000, 1, LAST_DAY))


def test_same_arguments_same_products(items: list[Item]) -> None:
    """Twice the same arguments give the same items; another seed gives others."""
    assert list(islice(catalogue(6000, 1, LAST_DAY), 700)) == items[:700]
    other = list(islice(catalogue(6000, 2, LAST_DAY), 700))
    assert sum(a.title == b.title for a, b in zip(other, items, strict=False)) < 20


def test_a_prefix_does_not_depend_on_the_size() -> None:
    """The first products of a large shop are those of a small one, without making the rest."""
    assert list(catalogue(50, 3, LAST_DAY)) == list(islice(catalogue(10**9, 3, LAST_DAY), 50))
    assert list(catalogue(0, 3, LAST_DAY)) == []


def test_every_item_keeps_the_contract(items: list[Item]) -> None:
    """Items pass the validation that imported items pass, and ids are unique and sorted."""
    for item in items:
        msgspec.json.decode(msgspec.json.encode(item), type=Item)
    ids = [item.item_id for item in items]
    assert ids == sorted(set(ids))


def test_the_tree_has_sixty_leaves_in_three_levels(items: list[Item]) -> None:
    """At least 60 leaves, three levels deep, each with products also in a small shop."""
    paths = {tuple(item.category) for item in items}
    assert len(paths) == len(LEAVES) >= 60
    assert {len(path) for path in paths} == {3}
    assert len({item.category[-1] for item in catalogue(600, 1, LAST_DAY)}) == len(LEAVES)


def test_titles_name_brand_product_and_leaf_words(items: list[Item]) -> None:
    """Nearly every Chinese title holds a word of its leaf and its brand in one of its scripts."""
    leaves = {leaf.name: leaf for leaf in LEAVES}
    words = brands = 0
    for item in items:
        leaf = leaves[item.category[-1]]
        words += any(noun in item.title for noun in leaf.nouns + leaf.aliases)
        names = {name for b in leaf.brands if b.name == item.brand for name in (b.chinese, b.latin) if name}
        brands += any(name in item.title for name in names)
    assert words / len(items) > 0.97
    assert brands / len(items) > 0.97
    assert len({item.title for item in items}) / len(items) > 0.95


def test_prices_are_realistic(items: list[Item]) -> None:
    """Medians stand near what the leaf says, endings are usual ones, and list prices are higher."""
    prices: dict[str, list[int]] = {}
    for item in items:
        if item.price_minor is not None:
            prices.setdefault(item.category[-1], []).append(item.price_minor)
            assert item.price_minor % 100 in (0, 50, 80, 90)
            assert item.list_price_minor is None or item.list_price_minor >= item.price_minor
    for leaf in LEAVES:
        ordered = sorted(prices[leaf.name])
        middle = ordered[len(ordered) // 2] / 100
        assert 0.25 * leaf.price < middle < 4 * leaf.price, leaf.name


def test_variants_share_a_group_and_differ(items: list[Item]) -> None:
    """Phones and clothes come in groups; the variants of a group differ in an attribute, mostly."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        if item.group_id:
            groups.setdefault(item.group_id, []).append(item)
    several = [group for group in groups.values() if len(group) > 1]
    assert len(several) > 300
    different = sum(
        len({msgspec.json.encode(v.attributes) for v in group}) == len(group) for group in several
    )
    assert different / len(several) > 0.9
    assert all(len({tuple(v.category) for v in group}) == 1 for group in several)


def test_the_shop_has_flaws(items: list[Item]) -> None:
    """Some products are out of stock, lack a brand or a price, or are titled in another script."""
    n = len(items)
    assert 0.02 < sum(not item.in_stock for item in items) / n < 0.045
    assert 0 < sum(item.brand is None for item in items) / n < 0.02
    assert 0 < sum(item.price_minor is None for item in items) / n < 0.02
    assert sum(item.title.isascii() for item in items) > 10
    assert sum("二手" in item.tags for item in items) > 3


def test_some_products_are_new(items: list[Item]) -> None:
    """About one product in twenty was launched in the last two weeks, none after the last day."""
    ages = Counter(
        (LAST_DAY - item.created_at.date()).days < 14 for item in items if item.created_at is not None
    )
    assert 0.02 < ages[True] / len(items) < 0.09
    assert all(item.created_at and item.created_at.date() <= LAST_DAY for item in items)


def test_pictures_are_of_known_kinds(items: list[Item]) -> None:
    """A picture's address names a kind and a tint that the pages draw, and a seed below 10,000."""
    for item in items:
        assert item.image_url is not None
        assert is_drawn(item.image_url)
        _, _, kind, tint, seed = item.image_url.removesuffix(".svg").split("/")
        assert kind in shapes()
        assert tint in TINTS or 0 <= int(tint) < 360
        assert 0 <= int(seed) < 10_000


def test_a_picture_has_the_colour_that_the_product_has(items: list[Item]) -> None:
    """黑: black, 白: white or beige (米白), 灰: grey, or silver (银灰)."""
    for word, tints in (("黑色", {"black"}), ("白", {"white", "beige"}), ("灰", {"grey", "silver", "215"})):
        drawn = {
            (item.image_url or "").split("/")[3]
            for item in items
            if word in str(item.attributes.get("颜色"))
        }
        assert drawn
        assert drawn <= {*tints, "black"}, word


def test_what_looks_unlike_its_leaf_is_drawn_as_what_it_is(items: list[Item]) -> None:
    """足球 and 羽毛球拍 stand in one leaf, 棒球帽 and 围巾 in another."""
    drawn = {
        word: {(i.image_url or "").split("/")[2] for i in items if word in i.title}
        for word in ("羽毛球拍", "围巾", "咖啡滤纸")
    }
    assert drawn == {"羽毛球拍": {"racket"}, "围巾": {"scarf"}, "咖啡滤纸": {"filter"}}


def test_declared_attributes_have_their_types(items: list[Item]) -> None:
    """Values of declared attributes are text, numbers and flags as ``shop.toml`` says."""
    types = {"text": str, "number": float | int, "flag": bool}
    for item in items:
        for name, value in item.attributes.items():
            if declared := DEMO_SHOP.attribute(name):
                assert isinstance(value, types[declared.type]), (name, value)
    assert {a.type for a in DEMO_SHOP.attributes} == {"text", "number", "flag"}


def test_coffee_machines_have_their_complements() -> None:
    """Coffee machines are bought with beans, filter paper and a milk frother."""
    names = [(LEAVES[a].name, LEAVES[b].name) for a, b in complements()]
    assert {b for a, b in names if a == "咖啡机"} == {"咖啡豆", "咖啡滤纸", "奶泡机"}


def test_files_read_back(items: list[Item], tmp_path: Path) -> None:
    """The catalogue's Parquet has the schema and the values; the declaration reads back the same."""
    path = tmp_path / "catalogue.parquet"
    assert write_table(path, item_batches(items[:100]), ITEM_SCHEMA) == 100
    table = pq.read_table(path)
    assert table.schema.equals(ITEM_SCHEMA)
    assert table["title"].to_pylist() == [item.title for item in items[:100]]
    assert msgspec.json.decode(table["attributes"][7].as_py()) == items[7].attributes
    assert [p.name for p in tmp_path.iterdir()] == ["catalogue.parquet"]
    (tmp_path / "shop.toml").write_text(dump_shop(DEMO_SHOP), encoding="utf-8")
    assert load_shop(tmp_path / "shop.toml") == DEMO_SHOP

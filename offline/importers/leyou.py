"""A Chinese phone shop as tab-separated tables: ``tb_spu``, ``tb_sku``, ``tb_brand``, ``tb_category``.

A SKU is an item, an SPU the group of its variants, prices are in fen. Colour, memory and storage stand
in each SKU's own specification (keys 4, 12 and 13). Image addresses are kept out: they name a host that
a shop page should not call.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from indexing.contracts.errors import InputError
from indexing.contracts.items import Item
from indexing.contracts.shop import Attribute, Shop

SHOP = Shop(
    name="乐优手机",
    attributes=(Attribute("颜色"), Attribute("运行内存"), Attribute("机身存储")),
)
TABLES = ("tb_spu.tsv", "tb_sku.tsv", "tb_brand.tsv", "tb_category.tsv")
_SPECIFICATION = {"4": "颜色", "12": "运行内存", "13": "机身存储"}
_SKU_CELLS, _SPU_CELLS = 10, 11
_ZONE = ZoneInfo("Asia/Shanghai")
_TAG = re.compile(r"<[^>]*>")


def read_leyou(folder: Path) -> Iterator[tuple[int, Item | InputError]]:
    """Items with the row number of their SKU, or why the row is no item.

    Raises:
        InputError: a table is missing.
    """
    missing = [name for name in TABLES if not (folder / name).exists()]
    if missing:
        raise InputError(f"{folder} has no {', '.join(missing)}", code="missing")
    brands = {row[0]: row[1] for _, row in _table(folder / "tb_brand.tsv")}
    parents = {row[0]: (row[1], row[2]) for _, row in _table(folder / "tb_category.tsv")}
    products = {row[0]: row for _, row in _table(folder / "tb_spu.tsv") if len(row) == _SPU_CELLS}
    for number, row in _table(folder / "tb_sku.tsv"):
        try:
            yield number, _item(row, products, brands, parents)
        except InputError as error:
            yield number, error


def _table(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1)


def _item(
    row: list[str],
    products: dict[str, list[str]],
    brands: dict[str, str],
    parents: dict[str, tuple[str, str]],
) -> Item:
    if len(row) != _SKU_CELLS:
        raise InputError(f"expected {_SKU_CELLS} cells, got {len(row)}", code="malformed")
    sku, spu, title, _, price, _, specification, enabled, created, _ = row
    product = products.get(spu)
    if product is None:
        raise InputError(f"SPU {spu!r} is not in tb_spu.tsv", field="spu_id", code="unknown_group")
    return Item(
        item_id=sku,
        title=" ".join(title.split()),
        brand=brands.get(product[6]),
        category=_path(product[5], parents),
        price_minor=_fen(price),
        in_stock=enabled == "1",
        group_id=f"spu-{spu}",
        attributes=_attributes(specification),
        created_at=_time(created),
        description=" ".join(_TAG.sub(" ", unescape(product[2])).split()) or None,
    )


def _path(leaf: str, parents: dict[str, tuple[str, str]]) -> list[str]:
    path: list[str] = []
    while leaf in parents and len(path) < 8:
        name, leaf = parents[leaf]
        path.insert(0, name)
    return path


def _fen(price: str) -> int:
    if not price.isdigit():
        raise InputError(f"expected a price in fen, got {price!r}", field="price", code="wrong_type")
    return int(price)


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_ZONE)
    except ValueError as error:
        raise InputError(f"expected a date, got {text!r}", field="create_time", code="bad_time") from error


def _attributes(specification: str) -> dict[str, str | int | float | bool | list[str]]:
    try:
        given = msgspec.json.decode(specification, type=dict[str, str])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InputError(f"own_spec: {error}", field="own_spec", code="malformed") from error
    return {name: given[key] for key, name in _SPECIFICATION.items() if given.get(key)}

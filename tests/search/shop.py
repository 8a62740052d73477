"""A small shop in memory: real analysis, the exact lexical index, exact vectors, a written lexicon."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypinyin

from indexing.contracts.columns import Columns, Mask, field_kinds
from indexing.contracts.filter_mask import mask
from indexing.contracts.filters import Filter
from indexing.contracts.items import Item
from indexing.contracts.memory_columns import columns_of
from indexing.contracts.shop import Attribute, Shop
from indexing.contracts.strings import SortedStrings
from indexing.lexical import OracleIndex, TantivyIndex, document, write_index
from indexing.lexical.base import Document, Kinds, LexicalIndex
from indexing.text import Analyser, build_analyser, fold
from indexing.vectors import ExactIndex
from indexing.vectors.base import VectorIndex
from search import SearchResult, SuggestResult
from search.lexicon import LexiconEntry, write_lexicon

SHOP = Shop(
    name="测试店",
    attributes=(
        Attribute(name="颜色"),
        Attribute(name="内存"),
        Attribute(name="屏幕", type="number"),
        Attribute(name="防水", type="flag"),
    ),
)
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def said(text: str) -> list[list[str]]:
    """Readings, as a build asks for them."""
    return pypinyin.pinyin(text, style=pypinyin.Style.NORMAL, heteronym=True)


@dataclass
class MemoryCatalogue:
    """``Catalogue`` over items in memory; rows are places of the sorted ids."""

    held: list[Item]
    analyser: Analyser
    lexical: LexicalIndex
    columns: Columns
    models: Path
    text: VectorIndex | None = None
    dead: frozenset[int] = frozenset()
    shop: Shop = SHOP
    snapshot_name: str = "20260101T000000Z-test"
    catalogue_seq: int = 0

    def __post_init__(self) -> None:
        self.ids = SortedStrings.of(item.item_id for item in self.held)

    @property
    def rows(self) -> int:
        return len(self.held)

    built_rows = rows

    def vectors(self, name: str) -> VectorIndex | None:
        return self.text if name == "text" else None

    def alive(self) -> Mask:
        found = np.ones(self.rows, np.bool_)
        found[list(self.dead)] = False
        return found

    def mask(self, condition: Filter | None) -> Mask:
        return (
            self.alive()
            if condition is None
            else self.alive() & mask(condition, self.columns, self.rows_of)
        )

    def row_of(self, item_id: str) -> int:
        row = self.ids.find(item_id)
        return -1 if row in self.dead else row

    def rows_of(self, item_ids: Iterable[str]) -> npt.NDArray[np.int32]:
        return np.fromiter((self.row_of(one) for one in item_ids), np.int32)

    def id_of(self, row: int) -> str:
        return self.ids[row]

    def item(self, row: int) -> Item:
        return self.held[row]

    def items(self, rows: npt.NDArray[np.int32]) -> list[Item]:
        return [self.held[int(row)] for row in rows]

    def model(self, name: str) -> Path | None:
        folder = self.models / name
        return folder if folder.exists() else None


class WordEmbedder:
    """The vector of a text is the sum of a random direction for each of its characters."""

    dimension = 64

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked.extend(texts)
        out = np.zeros((len(texts), self.dimension), np.float32)
        for place, text in enumerate(texts):
            for character in fold(text).replace(" ", ""):
                out[place] += np.random.default_rng(ord(character)).standard_normal(self.dimension)
        length = np.linalg.norm(out, axis=1, keepdims=True)
        return np.divide(out, length, out=np.zeros_like(out), where=length > 0).astype(np.float32)


def entries_of(items: Sequence[Item]) -> list[LexiconEntry]:
    """What a build would derive: products, brands and categories, each with its number of products."""
    entries = [
        LexiconEntry(item.title, "product", 1.0 + len(items) - place, item_id=item.item_id)
        for place, item in enumerate(items)
    ]
    entries += [LexiconEntry(item.brand, "brand", 1.0) for item in items if item.brand]
    entries += [
        LexiconEntry(item.category[-1], "category", 1.0, category=" > ".join(item.category))
        for item in items
        if item.category
    ]
    return entries


Make = Callable[..., MemoryCatalogue]


def tantivy(kinds: Kinds, documents: Iterable[Document]) -> TantivyIndex:
    """The index that serves, in a folder that goes with the process."""
    folder = Path(tempfile.mkdtemp(dir=_SCRATCH.name))
    write_index(folder, kinds, documents, memory_mb=20)
    return TantivyIndex.open(folder, kinds)


_SCRATCH = tempfile.TemporaryDirectory(prefix="daogou-search-")
INDEXES: dict[str, Callable[..., LexicalIndex]] = {"oracle": OracleIndex, "tantivy": tantivy}


def build_catalogue(
    folder: Path,
    items: Sequence[Item],
    *,
    lexicon: bool = True,
    queries: Sequence[LexiconEntry] = (),
    query_categories: dict[str, list[tuple[str, float]]] | None = None,
    synonyms: Sequence[Sequence[str]] = (),
    popularity: Sequence[float] | None = None,
    vectors: bool = False,
    index: Callable[..., LexicalIndex] = OracleIndex,
    words: Sequence[str] = (),
    shop: Shop = SHOP,
    dead: Iterable[int] = (),
) -> MemoryCatalogue:
    """A catalogue under ``folder``; ``popularity`` is by place in the sorted ids."""
    held = sorted(items, key=lambda item: item.item_id)
    own = [item.brand for item in held if item.brand] + [name for item in held for name in item.category]
    analyser = build_analyser([*own, *words], language=shop.language)
    models = folder / "models"
    models.mkdir(exist_ok=True)
    if lexicon:
        write_lexicon(
            models / "lexicon",
            [*entries_of(held), *queries],
            pinyin=said,
            analyser=analyser,
            query_categories=query_categories,
            synonyms=synonyms,
        )
    if popularity is not None:
        (models / "popularity").mkdir()
        np.save(models / "popularity" / "scores.npy", np.array(popularity, np.float32))
    gone = frozenset(dead)
    documents = [document(row, item, analyser, shop) for row, item in enumerate(held) if row not in gone]
    text = ExactIndex(WordEmbedder().encode([item.title for item in held])) if vectors else None
    columns = columns_of(held, shop, fold)
    lexical = index(field_kinds(shop), documents)
    return MemoryCatalogue(held, analyser, lexical, columns, models, text, gone, shop)


def phone(number: int, title: str, **more: object) -> Item:
    """A product of the category 手机 (mobile phones)."""
    given: dict[str, object] = {
        "item_id": f"p{number:03}",
        "title": title,
        "category": ["数码", "手机"],
        "price_minor": 100_000 + 10_000 * number,
        "created_at": _BEGIN + timedelta(days=number),
    }
    return Item(**{**given, **more})  # type: ignore[arg-type]


def thing(number: int, title: str, *category: str, **more: object) -> Item:
    """Any other product."""
    given: dict[str, object] = {
        "item_id": f"t{number:03}",
        "title": title,
        "category": list(category),
        "price_minor": 1_000 * number,
    }
    return Item(**{**given, **more})  # type: ignore[arg-type]


ITEMS: tuple[Item, ...] = (
    phone(
        1, "小米 Xiaomi 14 智能手机 黑色 256GB", brand="小米", attributes={"颜色": "黑色", "内存": "256GB"}
    ),
    phone(
        2,
        "小米 Xiaomi 14 Pro 智能手机 白色 512GB",
        brand="小米",
        attributes={"颜色": "白色", "内存": "512GB"},
    ),
    phone(
        3, "华为 HUAWEI Mate 60 手机 黑色 256GB", brand="华为", attributes={"颜色": "黑色", "内存": "256GB"}
    ),
    phone(4, "Apple iPhone 15 Pro 手机 钛金属 256GB", brand="Apple", attributes={"颜色": "银色"}),
    phone(5, "Apple iPhone15 手机 粉色 128GB", brand="Apple", attributes={"颜色": "粉色"}),
    phone(6, "荣耀 HONOR 移动电话 老人机 大字", brand="荣耀", in_stock=False),
    thing(1, "小米 充电宝 20000mAh 快充 移动电源", "数码", "配件", "充电宝", brand="小米"),
    thing(2, "罗辑 移动电源 10000mAh 便携", "数码", "配件", "充电宝", brand="罗辑"),
    thing(3, "罗技 Logitech 无线鼠标 M330 静音", "数码", "配件", "鼠标", brand="罗技"),
    thing(4, "无线 充电 蓝牙 鼠标 可爱", "数码", "配件", "鼠标"),
    thing(5, "德龙 全自动咖啡机 家用", "家电", "厨房", "咖啡机", brand="德龙"),
    thing(6, "手冲咖啡壶 套装 家用", "家电", "厨房", "咖啡机"),
    thing(7, "红色 连衣裙 夏季 新款", "服饰", "女装", "连衣裙", attributes={"颜色": "红色"}),
    thing(8, "黑色 连衣裙 长款 显瘦", "服饰", "女装", "连衣裙", attributes={"颜色": "黑色"}),
    thing(9, "李宁 跑鞋 男 减震", "服饰", "鞋", brand="李宁"),
    thing(10, "新鲜 西红柿 5斤 沙瓤", "食品", "蔬菜"),
)


def ids(result: SearchResult) -> list[str]:
    """The products of a page, in order."""
    return [hit.item.item_id for hit in result.hits]


def codes(result: SearchResult | SuggestResult) -> list[str]:
    """The codes of the notes."""
    return [note.code for note in result.notes]

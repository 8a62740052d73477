"""The query lexicon of a shop: what its shoppers ask for, its categories, brands and products.

A query enters when at least ``MIN_SHOPPERS`` different shoppers typed it and each of its words stands in
the catalogue: a typo or pinyin that many type is corrected, never suggested. Where a query leads is
counted from clicks whose answer (``request_id``) was for that query.
"""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from indexing.contracts.items import CATEGORY_SEPARATOR
from indexing.text import Analyser, fold
from search.lexicon import MIN_SHOPPERS, LexiconEntry, write_lexicon

if TYPE_CHECKING:
    import duckdb

_PARENTHESES = re.compile(r"[（(]([^（()）]+)[)）]")
_SCRIPTS = re.compile(r"[\u3400-\u9fff]+|[A-Za-z][A-Za-z0-9 .&'\-]*[A-Za-z0-9]")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_LATIN_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'&]{1,}(?![A-Za-z0-9])")
_NAME = r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'&]+"
# one word and no more, models aside: the first word of The North Face is no name
_ALONE = r"(?![0-9A-Za-zÀ-ÿ'&]|[ -][A-Za-zÀ-ÿ'&]+(?![A-Za-zÀ-ÿ'&0-9-]))"
_BESIDE = rf"{{0}}[ /（(]?({_NAME}){_ALONE}|(?<![A-Za-z0-9À-ÿ'&])(?<![A-Za-z][ -])({_NAME})[ /]?{{0}}"
_OFTEN, _OWN = 0.05, 0.5
_LEAST_CLICKS = 5
_LEADS = 3


@dataclass(frozen=True, slots=True)
class LexiconConfig:
    """What enters the lexicon.

    Attributes:
        queries, products: the most frequent, and the most popular, at most so many.
        min_shoppers: different shoppers who typed a query.
    """

    queries: int = 100_000
    products: int = 50_000
    min_shoppers: int = MIN_SHOPPERS


class LexiconJobReport(msgspec.Struct, frozen=True):
    """What came of it: entries by kind. ``unknown_queries``: left out, for a word of theirs is in no
    product; ``led``: queries that lead to categories."""

    queries: int
    unknown_queries: int
    brands: int
    categories: int
    products: int
    led: int
    seconds: float


def lexicon(
    home: Path,
    catalogue: pa.Table,
    popularity: npt.NDArray[np.float32] | None,
    folder: Path,
    *,
    analyser: Analyser,
    in_catalogue: Callable[[str], bool],
    config: LexiconConfig | None = None,
) -> LexiconJobReport:
    """Write ``models/lexicon``.

    Args:
        home: the shop's folder, for its events and shown lists.
        catalogue: ``ITEM_SCHEMA``, sorted by id.
        popularity: by row, in [0, 1]; None: none is known.
        folder: where the lexicon is written.
        in_catalogue: does any product hold this word?
    """
    started = time.perf_counter()
    chosen = config or LexiconConfig()
    asked, leads = _log(home, catalogue, chosen)
    known = {text: count for text, count in asked.items() if _known(text, analyser, in_catalogue)}
    brands, categories = _counts(catalogue)
    products = list(_products(catalogue, popularity, chosen.products))
    entries: list[LexiconEntry] = [
        LexiconEntry(text, "query", float(count), shoppers=shoppers)
        for text, (count, shoppers) in known.items()
    ]
    entries += [LexiconEntry(name, "brand", float(count)) for name, count in brands.items()]
    entries += [
        LexiconEntry(path.rsplit(CATEGORY_SEPARATOR, 1)[-1], "category", float(count), category=path)
        for path, count in categories.items()
    ]
    write_lexicon(
        folder,
        [*entries, *products],
        pinyin=_pinyin,
        analyser=analyser,
        query_categories={text: lead for text, lead in leads.items() if text in known},
        synonyms=_brand_names(catalogue, brands),
        min_shoppers=chosen.min_shoppers,
    )
    return LexiconJobReport(
        queries=len(known),
        unknown_queries=len(asked) - len(known),
        brands=len(brands),
        categories=len(categories),
        products=len(products),
        led=len(leads),
        seconds=time.perf_counter() - started,
    )


def aliases(brand: str) -> list[str]:
    """A brand's name as it stands, and its parts in each script.

    >>> aliases("华为（HUAWEI）")
    ['华为（HUAWEI）', '华为', 'HUAWEI']
    """
    plain = _PARENTHESES.sub(r" \1", brand)
    parts = [part.strip() for part in _SCRIPTS.findall(plain)]
    han = [part for part in parts if "\u3400" <= part[0] <= "\u9fff"]
    latin = [part for part in parts if part not in han]
    if len(han) != 1 or len(latin) != 1:  # one name in each script; anything else is a phrase
        return [brand]
    return list(dict.fromkeys([brand, *han, *latin]))


def _brand_names(catalogue: pa.Table, brands: Mapping[str, int]) -> list[list[str]]:
    """Names of one brand in two scripts: from the brand itself, else from its titles.

    >>> table = pa.table({"brand": ["飞利浦"] * 4, "title": ["飞利浦PHILIPS 灯", "PHILIPS/飞利浦 灯"] * 2})
    >>> _brand_names(table, {"飞利浦": 4})
    [['飞利浦', 'philips']]
    """
    groups = {brand: aliases(brand) for brand in brands}
    single = {
        brand: re.compile(_BESIDE.format(re.escape(brand)))
        for brand, group in groups.items()
        if len(group) == 1 and _HAN.fullmatch(brand)
    }
    beside: dict[str, Counter[str]] = defaultdict(Counter)
    titles = catalogue["title"].to_pylist()
    anywhere = Counter(chain.from_iterable(map(_latin_words, titles)))
    for brand, title in zip(catalogue["brand"].to_pylist(), titles, strict=True):
        if brand in single and (found := single[brand].search(title)):
            name = (found[1] or found[2]).lower()
            beside[brand][name] += name in _latin_words(title)
    for brand, names in beside.items():
        name, count = max(names.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
        # a model that stands beside its brand is one of many; a word that others use too is no name
        if count >= max(2, _OFTEN * brands[brand]) and count >= _OWN * anywhere[name]:
            groups[brand] = [brand, name]
    return [group for group in groups.values() if len(group) > 1]


def _latin_words(title: str) -> set[str]:
    return {word.lower() for word in _LATIN_WORD.findall(title)}


def _known(text: str, analyser: Analyser, in_catalogue: Callable[[str], bool]) -> bool:
    words = [token.text for token in analyser.query(text)]
    return bool(words) and all(map(in_catalogue, words))


def _log(
    home: Path, catalogue: pa.Table, config: LexiconConfig
) -> tuple[dict[str, tuple[int, int]], dict[str, list[tuple[str, float]]]]:
    """How often each query was typed and by how many; where its clicks lead."""
    import duckdb

    events, shown = sorted(home.glob("events/day=*/*.parquet")), sorted(home.glob("shown/day=*/*.parquet"))
    if not events:
        return {}, {}
    base = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    with base:
        rows = base.execute(
            """SELECT query, count(*), count(DISTINCT shopper) AS shoppers
               FROM read_parquet(?, hive_partitioning = false)
               WHERE event = 'search' AND length(query) BETWEEN 1 AND 100
               GROUP BY query HAVING count(DISTINCT shopper) >= ? ORDER BY count(*) DESC, query LIMIT ?""",
            [[str(path) for path in events], config.min_shoppers, config.queries],
        ).fetchall()
        asked = {text: (count, shoppers) for text, count, shoppers in rows if fold(text)}
        leads = _leads(base, events, shown, catalogue) if shown else {}
    return asked, leads


def _leads(
    base: duckdb.DuckDBPyConnection, events: list[Path], shown: list[Path], catalogue: pa.Table
) -> dict[str, list[tuple[str, float]]]:
    base.register("catalogue", catalogue.select(["item_id", "category"]))
    rows = base.execute(
        """WITH clicks AS (
               SELECT request_id, item_id FROM read_parquet(?, hive_partitioning = false)
               WHERE event = 'click' AND request_id IS NOT NULL AND item_id IS NOT NULL),
           asked AS (
               SELECT request_id, query FROM read_parquet(?, hive_partitioning = false)
               WHERE scenario = 'search' AND length(query) BETWEEN 1 AND 100)
           SELECT query, category, count(*) FROM clicks JOIN asked USING (request_id)
           JOIN catalogue USING (item_id) WHERE len(category) > 0
           GROUP BY query, category ORDER BY query, count(*) DESC, category""",
        [[str(path) for path in events], [str(path) for path in shown]],
    ).fetchall()
    counts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for query, category, count in rows:
        counts[query].append((CATEGORY_SEPARATOR.join(category), count))
    found: dict[str, list[tuple[str, float]]] = {}
    for query, paths in counts.items():
        total = sum(count for _, count in paths)
        if total >= _LEAST_CLICKS:
            found[query] = [(path, count / total) for path, count in paths[:_LEADS]]
    return found


def _counts(catalogue: pa.Table) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Products by brand, and by every category path and its ancestors."""
    brands = {
        pair["values"]: pair["counts"]
        for pair in catalogue["brand"].drop_null().value_counts().to_pylist()
        if fold(pair["values"])
    }
    paths: dict[str, int] = defaultdict(int)
    for path in catalogue["category"].to_pylist():
        for depth in range(1, len(path or []) + 1):
            paths[CATEGORY_SEPARATOR.join(path[:depth])] += 1
    return brands, paths


def _products(
    catalogue: pa.Table, popularity: npt.NDArray[np.float32] | None, most: int
) -> Iterator[LexiconEntry]:
    """The most popular products, by row where equal."""
    scores = np.zeros(len(catalogue), np.float32) if popularity is None else popularity
    chosen = np.argsort(-scores, kind="stable")[:most]
    some = catalogue.take(pa.array(np.sort(chosen)))
    for row, item in zip(np.sort(chosen), _rows(some), strict=True):
        yield LexiconEntry(item["title"], "product", 0.01 + float(scores[row]), item_id=item["item_id"])


def _rows(table: pa.Table) -> Iterable[dict[str, str]]:
    rows: list[dict[str, str]] = table.select(["item_id", "title"]).to_pylist()
    return rows


def _pinyin(text: str) -> list[list[str]]:
    """Readings of each character, without tones, commonest first."""
    from pypinyin import Style, pinyin

    readings: list[list[str]] = pinyin(
        text,
        style=Style.NORMAL,
        heteronym=True,
        # a list is taken too, one entry a character, though the annotation says text alone
        errors=cast("Callable[[str], str]", list),
    )
    return readings

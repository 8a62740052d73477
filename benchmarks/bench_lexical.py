"""The full page of a search on our index, against bare tantivy answering the same from the same folder.

    python benchmarks/bench_lexical.py --documents 1000000

A page is two terms, a price filter, the total, three facets (category, brand, price) and the ids of 20
hits. Bare tantivy is asked for the same by hand, without any translation, checking or exactness of ours.
The two alternate in one process, so that the ratio holds on a machine that others use too. ``live`` is
the same after products were put again in many commits.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from indexing.contracts.columns import FIXED_FIELDS, FieldKind
from indexing.contracts.filters import Compare
from indexing.lexical.base import Document, LexicalQuery, Sort, Term
from indexing.lexical.tantivy_index import TantivyIndex
from indexing.lexical.tantivy_writer import TantivyWriter, write_index

KINDS: dict[str, FieldKind] = FIXED_FIELDS | {"attributes.颜色": "texts", "attributes.屏幕": "number"}
VOCABULARY, TITLE, BRANDS, LEAVES = 50_000, 14, 5_000, 200
FACETS = ["category", "brand", "price_minor"]
MUST = tantivy.Occur.Must


def documents(rows: int, seed: int) -> Iterator[Document]:
    """Titles of words by Zipf's law, brands too, prices log-normal."""
    rng = np.random.default_rng(seed)
    shares = 1 / np.arange(1, VOCABULARY + 1)
    words = np.array([f"词{number}" for number in range(VOCABULARY)])
    characters = tuple("一二三四五六七八九十手机壳苹果华为小米")
    for start in range(0, rows, 10_000):
        size = min(10_000, rows - start)
        titles = words[rng.choice(VOCABULARY, (size, TITLE), p=shares / shares.sum())]
        prices = np.exp(rng.normal(9, 1.5, size)).astype(int) + 1
        brands = np.minimum(rng.zipf(1.3, size), BRANDS)
        leaves = rng.integers(0, LEAVES, size)
        for place in range(size):
            row, leaf, brand = start + place, int(leaves[place]), f"brand{brands[place]}"
            top, middle = f"c{leaf % 10}", f"c{leaf % 10} > d{leaf % 60}"
            values = {
                "item_id": f"id{row:08}",
                "brand": brand,
                "category": [top, middle, f"{middle} > e{leaf}"],
                "price_minor": float(prices[place]),
                "in_stock": bool(row % 9),
                "rating": 3.0 + row % 20 / 10,
                "created_at": 1.7e9 + row,
                "tags": [f"t{row % 50}"],
                "attributes.颜色": ["红黄蓝绿"[row % 4]],
                "attributes.屏幕": row % 70 / 10,
            }
            title = titles[place].tolist()
            yield Document(row, title * 2 + [brand], characters, values)


def queries(number: int, seed: int) -> list[tuple[str, str, float]]:
    """Two words of the frequent thousand and a price."""
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, 1_000, (number, 2))
    prices = np.exp(rng.normal(9.5, 0.5, number))
    return [(f"词{one}", f"词{two}", float(price)) for (one, two), price in zip(pairs, prices, strict=True)]


def bare_page(
    index: tantivy.Index,
    terms_of: Callable[[tuple[str, str, float]], Sequence[Term]] | None = None,
    prices: Sequence[float] = (),
) -> Callable[[tuple[str, str, float]], Any]:
    """The same page by hand.

    Args:
        terms_of: other ways to say the words; None: they stand for themselves.
        prices: bounds of the price ranges to count, rising; none: the least, largest and mean price alone.
    """
    schema, searcher = index.schema, index.searcher()
    request: dict[str, Any] = {
        "category": {"terms": {"field": "category", "size": 20}},
        "brand": {"terms": {"field": "brand", "size": 20}},
        "price": {"stats": {"field": "price_minor"}},
    }
    if prices:
        between = [{"from": low, "to": high} for low, high in pairwise(prices)]
        request["ranges"] = {"range": {"field": "price_minor", "ranges": between}}

    def ways(term: Term) -> tantivy.Query:
        parts = [
            tantivy.Query.term_query(schema, "words", word, index_option="freq") for word, _ in term.words
        ]
        parts += [tantivy.Query.phrase_query(schema, "characters", list(phrase)) for phrase in term.phrases]
        return parts[0] if len(parts) == 1 else tantivy.Query.disjunction_max_query(parts)

    def page(asked: tuple[str, str, float]) -> Any:
        one, two, price = asked
        terms = terms_of(asked) if terms_of else (Term(((one, 1.0),)), Term(((two, 1.0),)))
        words = [(MUST, ways(term)) for term in terms]
        below = tantivy.Query.range_query(
            schema, "price_minor", tantivy.FieldType.Float, upper_bound=price, include_upper=False
        )
        query = tantivy.Query.boolean_query([*words, (MUST, tantivy.Query.const_score_query(below, 0.0))])
        found = searcher.search(query, limit=20, count=True)
        rows = searcher.fast_field_values("row", [address for _, address in found.hits])
        return found.count, rows, searcher.aggregate(query, request)

    return page


def our_page(index: TantivyIndex) -> Callable[[tuple[str, str, float]], Any]:
    """As ``search`` asks for it."""

    def page(asked: tuple[str, str, float]) -> Any:
        one, two, price = asked
        terms = (Term(((one, 1.0),)), Term(((two, 1.0),)))
        query = LexicalQuery(terms, filter=Compare("price_minor", "<", price))
        return index.search(query, limit=20), index.facets(query, FACETS)

    return page


def other_pages(index: TantivyIndex) -> dict[str, Callable[[tuple[str, str, float]], Any]]:
    """Parts, and pages of another shape, for whoever wonders where time goes."""

    def query(asked: tuple[str, str, float], **more: Any) -> LexicalQuery:
        terms = (Term(((asked[0], 1.0),)), Term(((asked[1], 1.0),)))
        return LexicalQuery(terms, filter=Compare("price_minor", "<", asked[2]), **more)

    return {
        "hits": lambda asked: index.search(query(asked), limit=20),
        "facets": lambda asked: index.facets(query(asked), FACETS),
        "hits of one word": lambda asked: index.search(LexicalQuery((Term(((asked[0], 1.0),)),)), limit=20),
        "hits of one of two words": lambda asked: index.search(query(asked, minimum=1), limit=20),
        "hits by price": lambda asked: index.search(query(asked), limit=20, sort=Sort("price_minor")),
        "facets, one refined": lambda asked: index.facets(
            query(asked, refine={"brand": ("brand1",)}), FACETS
        ),
        "all by price": lambda _: index.search(LexicalQuery(), limit=20, sort=Sort("price_minor", True)),
    }


def compare(folder: Path, asked: list[tuple[str, str, float]]) -> dict[str, Any]:
    """Both pages in turn, and the ratio."""
    index = TantivyIndex.open(folder, KINDS)
    pages = {"bare": bare_page(tantivy.Index.open(str(folder))), "ours": our_page(index)}
    pages |= other_pages(index)
    times: dict[str, list[float]] = {name: [] for name in pages}
    for name, page in pages.items():
        for one in asked[:50]:
            page(one)
        assert name != "ours" or page(asked[0])[0].total == pages["bare"](asked[0])[0]
    for one in asked:
        for name, page in pages.items():
            begin = time.perf_counter()
            page(one)
            times[name].append((time.perf_counter() - begin) * 1e3)
    found: dict[str, Any] = {"segments": index.num_segments}
    for name, each in times.items():
        found[name] = {f"p{part}_ms": round(float(np.percentile(each, part)), 3) for part in (50, 99)}
    for part in ("p50_ms", "p99_ms"):
        found[f"ratio_{part[:3]}"] = round(found["ours"][part] / found["bare"][part], 2)
    return found


def put_again(folder: Path, rows: int, seed: int) -> None:
    """A hundredth of the products, changed in twenty commits."""
    rng = np.random.default_rng(seed)
    with TantivyWriter(folder, KINDS) as writer:
        again = documents(rows // 100, seed + 1)
        for _ in range(20):
            chosen = islice(again, rows // 2_000)
            writer.put(
                Document(int(rng.integers(0, rows)), one.words, one.characters, one.values)
                for one in chosen
            )
            writer.commit()


def main() -> None:
    """Build, ask, print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-lexical-"))
    try:
        begin = time.perf_counter()
        write_index(folder, KINDS, documents(given.documents, given.seed))
        written = time.perf_counter() - begin
        asked = queries(given.queries, given.seed + 1)
        report = {
            "machine": platform.processor() or platform.machine(),
            "tantivy": tantivy.__version__,
            "documents": given.documents,
            "write_s": round(written, 1),
            "documents_per_s": round(given.documents / written),
            "megabytes": sum(path.stat().st_size for path in folder.iterdir()) // 10**6,
            "built": compare(folder, asked),
        }
        put_again(folder, given.documents, given.seed)
        report["live"] = compare(folder, asked)
        print(json.dumps(report, indent=2, ensure_ascii=False))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

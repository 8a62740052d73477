"""A full page of search by part, against bare tantivy that answers the same terms and facets.

    python -m benchmarks.bench_search [--items 1000000] [--home FOLDER]

A page is a brand and a product word, a price filter, the total, three facets (category, brand, price), 20
products with highlights. Ours understands the query, asks words and vectors, ranks, counts, reads the
products, marks them and hands the list shown to the journal, which writes it behind the answer; bare
tantivy is asked for the same terms, filter, total, facets (the price in the same ranges) and row numbers by
hand, from the same folder.
A term is a word with the other ways to say it that the shop's products use (唇膏, 口红: lipstick), so that
both find the same products. ``bare_as_typed`` finds fewer: it is asked for the two words alone. Queries
that fill a page are asked, all once to warm up; then all take turns in one process, five times, since what
else runs on a machine decides the slowest hundredth of a thousand. ``suggest`` is what one keystroke takes.

Without ``--home`` the demo shop's products are made and built here: words, columns, a lexicon, sales at
random and text vectors of random directions, which cost as much as trained ones. With it the newest
snapshot of that shop is asked.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any
from uuid import uuid4

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # as the workers of ``daogou serve`` are started
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402 - the libraries read the environment when they are imported
import numpy.typing as npt  # noqa: E402
import tantivy  # noqa: E402

from benchmarks.bench_lexical import bare_page  # noqa: E402
from indexing.contracts.filters import Compare  # noqa: E402
from indexing.contracts.items import CATEGORY_SEPARATOR, Item  # noqa: E402
from indexing.contracts.shown import Shown, Slot  # noqa: E402
from indexing.journal import open_journal  # noqa: E402
from indexing.journal.shown import ShownLog  # noqa: E402
from indexing.snapshots import Snapshot, SnapshotWriter, list_snapshots  # noqa: E402
from indexing.snapshots.storable import bodies_of  # noqa: E402
from indexing.text import Analyser, build_analyser  # noqa: E402
from indexing.vectors import StaticEmbedder, build_index, save_embedder  # noqa: E402
from offline.simulate.declaration import DEMO_SHOP  # noqa: E402
from offline.simulate.products import catalogue  # noqa: E402
from offline.simulate.tree import LEAVES  # noqa: E402
from search import SearchEngine, SearchRequest, SearchResult, SuggestRequest  # noqa: E402
from search.lexicon import LexiconEntry, write_lexicon  # noqa: E402
from search.prices import fine_ranges  # noqa: E402
from search.stages import Stages  # noqa: E402
from search.view import View  # noqa: E402
from search.words import seed_synonyms  # noqa: E402

TODAY = date(2026, 1, 31)
FACETS = ("category", "brand", "price_minor")
LEXICON_PRODUCTS, DIMENSION, PAGE, ROUNDS = 50_000, 64, 20, 5

Asked = tuple[str, str, float]


def build(home: Path, items: int, seed: int) -> Path:
    """The demo shop's products as a snapshot."""
    names = {leaf.path for leaf in LEAVES}
    brands = {brand.name for leaf in LEAVES for brand in leaf.brands}
    analyser = build_analyser(
        [*brands, *(name for path in names for name in path), *chain(*seed_synonyms())]
    )
    with SnapshotWriter(home, DEMO_SHOP, now=datetime.now(UTC), items=items) as writer:
        writer.write_items(bodies_of(catalogue(items, seed, TODAY)), analyser)
        rng = np.random.default_rng(seed)
        sold = rng.random(items, np.float32) ** 4
        (writer.folder / "models" / "popularity").mkdir(parents=True)
        np.save(writer.folder / "models" / "popularity" / "scores.npy", sold)
        _lexicon(writer.folder / "models" / "lexicon", items, seed, sold, analyser)
        _vectors(writer.folder, items, seed, analyser, rng)
        return writer.finish(catalogue_seq=0, seed=seed)


def _lexicon(
    folder: Path, items: int, seed: int, sold: npt.NDArray[np.float32], analyser: Analyser
) -> None:
    from pypinyin import Style, pinyin

    entries = [LexiconEntry(brand.name, "brand", 9.0) for leaf in LEAVES for brand in leaf.brands]
    entries += [
        LexiconEntry(leaf.path[-1], "category", leaf.weight, category=CATEGORY_SEPARATOR.join(leaf.path))
        for leaf in LEAVES
    ]
    entries += [LexiconEntry(noun, "query", 50.0, shoppers=50) for leaf in LEAVES for noun in leaf.nouns]
    first = catalogue(min(items, LEXICON_PRODUCTS), seed, TODAY)
    entries += [
        LexiconEntry(item.title, "product", 0.01 + float(sold[row]), item_id=item.item_id)
        for row, item in enumerate(first)
    ]
    write_lexicon(
        folder,
        entries,
        pinyin=lambda text: pinyin(text, style=Style.NORMAL, heteronym=True),
        analyser=analyser,
    )


def _vectors(folder: Path, items: int, seed: int, analyser: Analyser, rng: np.random.Generator) -> None:
    words = {
        token.text
        for item in catalogue(min(items, 50_000), seed, TODAY)
        for token in analyser.index(item.title)
    }
    known = sorted(word for word in words if word.strip())
    save_embedder(
        folder / "models" / "text", known, rng.standard_normal((len(known), DIMENSION)).astype(np.float32)
    )
    embedder = StaticEmbedder.open(folder / "models" / "text", analyser)
    vectors = np.empty((items, DIMENSION), np.float32)
    for first, block in _blocks(catalogue(items, seed, TODAY)):
        vectors[first : first + len(block)] = embedder.encode([item.title for item in block])
    build_index(vectors, folder / "vectors" / "text", kind="text", seed=seed)


def _blocks(items: Iterator[Item], size: int = 4_096) -> Iterator[tuple[int, list[Item]]]:
    first, block = 0, list[Item]()
    for item in items:
        block.append(item)
        if len(block) == size:
            yield first, block
            first, block = first + size, []
    yield first, block


def queries(analyser: Analyser, number: int, seed: int) -> list[Asked]:
    """A brand, a product word of its leaf, and a price; those that the analyser takes for two words."""
    rng = np.random.default_rng(seed)
    pairs = sorted({(brand.name, noun) for leaf in LEAVES for brand in leaf.brands for noun in leaf.nouns})
    plain = [pair for pair in pairs if [t.text for t in analyser.query(" ".join(pair))] == list(pair)]
    prices = np.exp(rng.normal(10.5, 1.0, number))
    chosen = rng.integers(0, len(plain), number)
    return [(*plain[place], float(price)) for place, price in zip(chosen, prices, strict=True)]


def timed(
    asked: Sequence[Asked], pages: dict[str, Callable[[Asked], Any]], rounds: int = 1
) -> dict[str, list[float]]:
    """Milliseconds of each page, in turn, ``rounds`` times, after each was asked once."""
    times: dict[str, list[float]] = {name: [] for name in pages}
    for warm in (True, *[False] * rounds):
        for one in asked:
            for name, page in pages.items():
                begin = time.perf_counter()
                page(one)
                if not warm:
                    times[name].append((time.perf_counter() - begin) * 1e3)
    return times


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """p50 and p99."""
    return {f"p{part}_ms": round(float(np.percentile(times, part)), 3) for part in (50, 99)}


def keystrokes(asked: Sequence[Asked]) -> list[str]:
    """What is typed on the way to the queries: characters, and the first letters of Latin names."""
    texts = [f"{brand}{noun}" for brand, noun, _ in asked[:200]] + [
        "shouji",
        "sj",
        "kafeiji",
        "手ji",
        "lyq",
    ]
    return [text[:length] for text in texts for length in range(1, min(len(text), 8) + 1)]


def keep(shown: ShownLog, result: SearchResult, query: str) -> None:
    """Log the list as the service does: queued here, on the disk within a tenth of a second."""
    slots = [Slot(hit.item.item_id, hit.position, hit.source, hit.score) for hit in result.hits]
    now = datetime.now(UTC)
    shown.log(Shown(uuid4().hex, now, "search", "search", "benchmark", slots, query=query))


def measure(path: Path, number: int, seed: int) -> dict[str, Any]:
    """The pages with a journal of their own, so that a shop that is given stays as it is."""
    with tempfile.TemporaryDirectory(prefix="bench-journal-") as home, open_journal(Path(home)) as journal:
        report = _measure(path, number, seed, journal.shown)
        journal.shown.flush()
        return report | {"lists_lost": journal.shown.lost}


def _measure(path: Path, number: int, seed: int, shown: ShownLog) -> dict[str, Any]:
    """Both pages in turn, ours by part."""
    snapshot = Snapshot.open(path)
    snapshot.read_ahead().join()  # as a worker does, behind its first requests
    engine = SearchEngine(snapshot)
    stages: dict[str, list[float]] = defaultdict(list)
    index = tantivy.Index.open(str(path / "lexical"))
    edges = [low for low, _ in fine_ranges(snapshot.shop.minor_digits) if low is not None]
    typed = bare_page(index, prices=edges)
    asked = [one for one in queries(snapshot.analyser, 2 * number, seed) if typed(one)[0] >= PAGE][:number]
    understand = View(snapshot).understander.understand
    terms = {one: [t.term for t in understand(f"{one[0]} {one[1]}", Stages()).terms] for one in asked}
    bare = bare_page(index, terms.__getitem__, edges)

    anew = count(1)  # the same products by another filter each time: no facets are there already

    def ours(one: Asked) -> SearchResult:
        brand, noun, price = one
        below = Compare("price_minor", "<", price - 1e-6 * next(anew))
        request = SearchRequest(f"{brand} {noun}", filter=below, facets=FACETS)
        result = engine.search(request)
        begin = time.perf_counter()
        keep(shown, result, request.query)
        stages["journal"].append((time.perf_counter() - begin) * 1e3)
        for stage, took in result.timings_ms.items():
            stages[stage].append(took)
        return result

    gc.collect()
    gc.freeze()  # as a worker does when its snapshot is open
    times = timed(asked, {"bare": bare, "bare_as_typed": typed, "ours": ours}, ROUNDS)
    # without the warming up
    parts = {stage: took[len(took) // (ROUNDS + 1) :] for stage, took in stages.items()}
    totals = [(bare(one)[0], ours(one).total) for one in asked[:20]]
    suggested = timed(
        [(text, "", 0.0) for text in keystrokes(asked)],
        {"all": lambda one: engine.suggest(SuggestRequest(one[0]))},
    )
    found = {name: percentiles(each) for name, each in times.items()}
    return {
        "items": snapshot.rows,
        "queries": len(asked),
        **found,
        "ratio_p50": round(found["ours"]["p50_ms"] / found["bare"]["p50_ms"], 2),
        "ratio_p99": round(found["ours"]["p99_ms"] / found["bare"]["p99_ms"], 2),
        "ratio_p99_as_typed": round(found["ours"]["p99_ms"] / found["bare_as_typed"]["p99_ms"], 2),
        "by_part": {stage: percentiles(each) for stage, each in sorted(parts.items())},
        "totals_bare_and_ours": totals[:5],
        "suggest": percentiles(suggested["all"]),
    }


def main() -> None:
    """Build unless a shop is given, ask, print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.home is not None:
        newest = list_snapshots(given.home)[-1]
        report = measure(newest.path, given.queries, given.seed)
    else:
        with tempfile.TemporaryDirectory(prefix="bench-search-") as home:
            begin = time.perf_counter()
            path = build(Path(home), given.items, given.seed)
            built = time.perf_counter() - begin
            report = {"build_s": round(built, 1)} | measure(path, given.queries, given.seed)
    print(json.dumps(report, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()

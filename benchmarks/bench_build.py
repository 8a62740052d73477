"""From a catalogue in Parquet to a published snapshot, and bare tantivy on the words of the same titles.

    python -m benchmarks.bench_build [--products 1000000] [--folder FOLDER] [--keep]

Not timed: the demo shop's products are made and written as Parquet, and a text model is trained on 20,000
of their titles. Timed: the import of the Parquet file (checked row by row, durable), the build (export,
words mined, items, columns, index, text vectors and their index, query lexicon, hashes, questions), and
publishing. There are no events: nothing is trained but the inverted lists of the text vectors.

Bare tantivy gets each title's words, segmented before, and a number, by one writer thread, and commits.

``--keep`` leaves each shop in the folder, for ``bench_search --home FOLDER/shop-<products>``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import tantivy

from benchmarks.memory import PeakMemory
from indexing.contracts.items import ITEM_SCHEMA
from indexing.contracts.shop import dump_shop
from indexing.contracts.strings import SortedStrings
from indexing.journal import open_journal
from indexing.journal.catalogue_files import items_of
from indexing.snapshots import publish
from indexing.snapshots.chunks import chunks_of
from indexing.snapshots.document_pool import document_making
from indexing.snapshots.storable import bodies_of
from indexing.text import build_analyser, open_analyser
from offline.build import BuildConfig, Built, build
from offline.importers.run import run_import
from offline.jobs.clean import clean
from offline.jobs.searches import Searches
from offline.jobs.text_pairs import ItemTexts, context_of
from offline.jobs.text_vectors import TextConfig, text_vectors
from offline.simulate import catalogue
from offline.simulate.declaration import DEMO_SHOP
from offline.simulate.tables import item_batches, write_table

TODAY = date(2026, 1, 31)
MODEL_TITLES = 20_000


def prepare(folder: Path, products: int, seed: int) -> None:
    """``catalogue-<products>.parquet`` and ``model`` in the folder, unless they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"catalogue-{products}.parquet"
    if not path.exists():
        write_table(path, item_batches(catalogue(products, seed, TODAY)), ITEM_SCHEMA)
    if not (folder / "model" / "model.json").exists():
        train_model(folder / "model", seed)


def train_model(folder: Path, seed: int) -> None:
    """A text model of the demo shop's own titles and contexts."""
    items = list(catalogue(MODEL_TITLES, seed, TODAY))
    nothing = Searches([], np.zeros(0, np.int32), np.zeros(0, np.int32))
    with tempfile.TemporaryDirectory() as empty:
        found, _ = clean(Path(empty), SortedStrings.of(item.item_id for item in items))
    text_vectors(
        ItemTexts([item.title for item in items], [context_of(item) for item in items]),
        nothing,
        found,
        analyser=build_analyser([]),
        folder=folder,
        config=TextConfig(most_pairs=MODEL_TITLES),
    )


def measure(folder: Path, products: int) -> dict[str, Any]:
    """The timed part: a new shop in ``shop-<products>``."""
    home = folder / f"shop-{products}"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    (home / "shop.toml").write_text(dump_shop(DEMO_SHOP), encoding="utf-8")
    seconds: dict[str, float] = {}
    clock = [time.perf_counter()]

    def lap(name: str) -> None:
        clock.append(time.perf_counter())
        seconds[name] = round(clock[-1] - clock[-2], 2)

    with PeakMemory() as memory:
        memory.tell("Loading the catalogue")
        run_import(home, "items", folder / f"catalogue-{products}.parquet")
        lap("import")
        built = build(home, BuildConfig(text_model=str(folder / "model")), progress=memory.tell)
        lap("build")
        memory.tell("Publishing")
        with open_journal(home) as journal:
            publish(home, journal.control, built.name, actor="benchmark")
        lap("publish")
    total = sum(seconds.values())
    return {
        "products": products,
        "seconds": round(total, 1),
        "products_a_second": round(products / total),
        "stages_s": seconds,
        "build_stages_s": _stages(built),
        "peak_mb": memory.megabytes,
        "by_stage": memory.stages(),
        "snapshot_mb": round(sum(built.manifest.sizes.values()) / 1e6),
        "indexes": msgspec.to_builtins(built.manifest.indexes),
    }


def _stages(built: Built) -> dict[str, float]:
    slowest = sorted(built.manifest.timings.items(), key=lambda pair: -pair[1])
    return {name: round(seconds, 2) for name, seconds in slowest if seconds >= 0.01}


def bare(folder: Path, products: int) -> dict[str, float]:
    """The words of the titles, and nothing else, into bare tantivy."""
    shop = folder / f"shop-{products}"
    text = next((shop / "snapshots").glob("2*")) / "text"
    words = pa.concat_arrays(
        [pa.array(some, pa.large_string()) for some in title_words(folder, products, text)]
    )
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", fast=True)
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    with tempfile.TemporaryDirectory(dir=folder) as place:
        started = time.perf_counter()
        index = tantivy.Index(builder.build(), path=place)
        writer = index.writer(2_000_000_000, 1)
        for row, title in enumerate(words):
            document = tantivy.Document()
            document.add_unsigned("row", row)
            document.add_text("words", title.as_py())
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        seconds = time.perf_counter() - started
    return {"seconds": round(seconds, 2), "products_a_second": round(products / seconds)}


def title_words(folder: Path, products: int, text: Path) -> Iterator[list[str]]:
    """The index words of every title, as the build makes them."""
    analyser = open_analyser(text)
    items = items_of(pq.read_table(folder / f"catalogue-{products}.parquet"))
    with document_making(text, analyser, DEMO_SHOP, products) as make:
        for _, made in make(chunks_of(bodies_of(items))):
            yield made.words


def run(folder: Path, products: int) -> dict[str, Any]:
    """One size: ours, bare, and their ratio."""
    ours = measure(folder, products)
    peer = bare(folder, products)
    ratios = {
        "whole": round(ours["seconds"] / peer["seconds"], 2),
        "items_alone": round(ours["build_stages_s"]["items"] / peer["seconds"], 2),
    }
    return ours | {"bare_tantivy": peer, "times_bare": ratios}


def main() -> None:
    """Prepare in a process of its own, so that its memory is not counted; measure; print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "daogou-bench")
    parser.add_argument("--keep", action="store_true", help="leave the shops there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.prepare:
        for products in given.products:
            prepare(given.folder, products, given.seed)
        return
    again = [sys.executable, "-m", "benchmarks.bench_build", "--prepare", *sys.argv[1:]]
    subprocess.run(again, check=True, stdout=sys.stderr)
    sizes = []
    for products in given.products:
        sizes.append(run(given.folder, products))
        if not given.keep:
            shutil.rmtree(given.folder / f"shop-{products}")
    print(json.dumps({"sizes": sizes}, indent=1))


if __name__ == "__main__":
    main()

"""A build: export what is live, run every job, and write one snapshot.

    catalogue ─ export ─┬─ mine words ─ items, columns, words ─┐
                        │                                       ├─ verify ─ snapshot
    log ─ export ─ clean ┴─ neighbours, factors, trend, ───────┘
                            popularity, text vectors, lexicon

Each job is a function of inputs and configuration; what it read, did and measured stands in the manifest.
A job with too little to work on writes nothing, and the manifest says why.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from indexing.contracts.collecting import collected_rarely
from indexing.contracts.errors import InputError
from indexing.contracts.shop import load_shop
from indexing.contracts.strings import SortedStrings
from indexing.journal import open_journal
from indexing.lexical import TantivyIndex
from indexing.snapshots import Manifest, SnapshotWriter, read_manifest
from indexing.snapshots.arrow_texts import MappedTexts
from indexing.snapshots.storable import decode_item
from indexing.snapshots.store import BUILDING
from indexing.text import Analyser, build_analyser
from indexing.text.mining import mine
from indexing.vectors import build_index
from offline.jobs.interactions import Interactions
from search.words import seed_synonyms

Progress = Callable[[str, int, int], None]
_TITLES_MINED = 200_000


class BuildConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a build does.

    Attributes:
        train: False: words, columns and counts only, no factors and no text vectors.
        text_model: folder of a StaticEmbedding to use; empty: one is trained.
        text_pairs: most pairs to train it on.
        factors: numbers a product.
        seed: of everything that is drawn.
        now: the moment that trend and new are relative to; None: the end of the log.
    """

    train: bool = True
    text_model: str = ""
    text_pairs: int = 100_000
    factors: int = 64
    seed: int = 1
    now: datetime | None = None


@dataclass(slots=True)
class _Notes:
    """What the manifest will say."""

    timings: dict[str, float] = field(default_factory=dict)
    quality: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    reports: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.timings[name] = round(time.perf_counter() - started, 3)


@dataclass(frozen=True, slots=True)
class Built:
    """A finished snapshot."""

    name: str
    path: Path
    manifest: Manifest

    def summary(self) -> list[str]:
        """Plain lines for people."""
        said = [f"{self.manifest.rows:,} products in {self.name}"]
        said += [
            f"  {name}: {report['why']}"
            for name, report in self.manifest.configuration["reports"].items()
            if report.get("why")
        ]
        said += [
            f"  index {name}: {report.method}, recall {report.recall:.3f}, {report.search_ms:.2f} ms"
            for name, report in self.manifest.indexes.items()
        ]
        slowest = sorted(self.manifest.timings.items(), key=lambda pair: -pair[1])[:5]
        said.append("  slowest: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slowest))
        return said


def build(home: Path, config: BuildConfig | None = None, *, progress: Progress) -> Built:
    """Build a snapshot of the shop at ``home``. It is not published.

    Raises:
        InputError: the catalogue is empty.
        ConflictError: another build is running.
        SnapshotError: too little room, or what was written does not answer as it should.
    """
    chosen = config or BuildConfig()
    shop = load_shop(home / "shop.toml")
    notes = _Notes()
    with (
        collected_rarely(),
        SnapshotWriter(home, shop, now=datetime.now(UTC), items=_products(home)) as writer,
        # its name lets the next build sweep it, should this one be killed
        TemporaryDirectory(suffix=BUILDING, dir=writer.folder.parent) as scratch,
    ):
        with notes.timed("export"):
            path, seq = _export(home, Path(scratch), progress)
        catalogue = _mapped(path)
        _Build(home, chosen, writer, catalogue, notes, progress).run()
        progress("Hashes and questions", 0, 1)
        final = writer.finish(
            catalogue_seq=seq,
            seed=chosen.seed,
            inputs={"catalogue": _hash(path)} | _log_hashes(home),
            configuration=msgspec.to_builtins(chosen) | {"reports": msgspec.to_builtins(notes.reports)},
            counts=notes.counts,
            quality=notes.quality,
            timings=notes.timings,
        )
        progress("Hashes and questions", 1, 1)
    return Built(final.name, final, read_manifest(final))


@dataclass(slots=True)
class _Build:
    """The jobs of one build, in order."""

    home: Path
    config: BuildConfig
    writer: SnapshotWriter
    catalogue: pa.Table
    notes: _Notes
    progress: Progress
    found: Interactions = field(init=False)
    words: MappedTexts = field(init=False)  # of each title: analysed once, for the index and for its vector
    ids: SortedStrings = field(init=False)

    @property
    def models(self) -> Path:
        """Where each job writes its folder."""
        return self.writer.folder / "models"

    def run(self) -> None:
        """Everything that goes into the snapshot."""
        with self.notes.timed("mine"):
            analyser = self._analyser()
        total = len(self.catalogue)
        words: list[pa.Array] = []
        self.writer.write_items(
            self._bodies(),
            analyser,
            title_words=lambda some: words.append(pa.array(some, pa.large_string())),
            progress=lambda done: self.progress("Words and columns", done, total),
        )
        self.words = MappedTexts(pa.concat_arrays(words))
        self.progress("Words and columns", total, total)
        self._interactions()
        # the lexicon is Python, training and indexing are not: together they take little more than one
        with ThreadPoolExecutor(1) as beside:
            lexicon = beside.submit(self._lexicon, analyser)
            if self.config.train:
                self._factors()
                self._text(analyser)
            lexicon.result()

    def _bodies(self) -> Iterator[bytes]:
        for chunk in self.catalogue["body"].chunks:
            yield from chunk.to_pylist()

    def _analyser(self) -> Analyser:
        """Words of the shop's own: brands, categories, frequent queries."""
        self.progress("Mining words", 0, 1)
        table = self.catalogue
        brands = table["brand"].drop_null().unique().to_pylist()
        categories = sorted(pc.list_flatten(table["category"]).unique().to_pylist())
        titles = table["title"][:_TITLES_MINED].to_pylist()
        words = mine(titles, brands, categories, self._queries(), chain(*seed_synonyms()))
        self.progress("Mining words", 1, 1)
        self.notes.counts["mined_words"] = len(words)
        return build_analyser(words, language=self.writer.shop.language)

    def _queries(self) -> list[str]:
        """One for each time it was asked."""
        from offline.jobs.log_reading import open_log

        log = open_log(self.home / "events")
        if log is None:
            return []
        import pyarrow.dataset as ds

        asked = log.to_table(columns=["query"], filter=ds.field("event") == "search")
        queries: list[str] = asked["query"].drop_null().to_pylist()
        return queries

    def _interactions(self) -> None:
        """The log, cleaned; then everything that only counts."""
        from offline.jobs.clean import clean
        from offline.jobs.complements import complements
        from offline.jobs.cooccurrence import order_neighbours, session_neighbours
        from offline.jobs.kinds import kinds_of
        from offline.jobs.popularity import popularity
        from offline.jobs.trend import TrendConfig, trend

        with self.notes.timed("clean"):
            ids = SortedStrings(self.catalogue["item_id"].cast(pa.large_string()).combine_chunks())
            self.ids = ids
            self.found, report = clean(self.home / "events", ids, progress=self._named("Reading the log"))
        self.notes.reports["clean"] = report
        self.notes.counts |= {"events": report.events, "shoppers": report.shoppers, "bots": report.bots}
        kinds = kinds_of(self.catalogue["category"])
        jobs: dict[str, Callable[[Path], msgspec.Struct]] = {
            "item_item": lambda to: session_neighbours(
                self.found, to, progress=self._named("Seen together")
            ),
            "co_purchase": lambda to: order_neighbours(
                self.found, to, kinds=kinds, progress=self._named("Bought together")
            ),
            "complements": lambda to: complements(
                self.found, kinds, to, progress=self._named("Complements")
            ),
            "trend": lambda to: trend(
                self.found,
                to,
                config=TrendConfig(now=self.config.now),
                progress=self._named("Trend"),
            ),
            "popularity": lambda to: popularity(self.found, to, progress=self._named("Popularity")),
        }
        for name, job in jobs.items():
            with self.notes.timed(name):
                self.notes.reports[name] = job(self.models / name)

    def _factors(self) -> None:
        from offline.jobs.factors import FactorConfig, factors

        config = FactorConfig(factors=self.config.factors, seed=self.config.seed)
        folder = self.models / "factors"
        with self.notes.timed("factors"):
            report = factors(self.found, folder, config=config, progress=self._named("Factors"))
        self.notes.reports["factors"] = report
        if report.written:
            vectors = np.load(folder / "items.npy", mmap_mode="r")
            self._index("factors", vectors)

    def _text(self, analyser: Analyser) -> None:
        from offline.jobs.searches import read_searches
        from offline.jobs.text_pairs import ItemTexts, context_of
        from offline.jobs.text_training import TrainingConfig
        from offline.jobs.text_vectors import TextConfig, text_vectors

        config = TextConfig(
            model=Path(self.config.text_model) if self.config.text_model else None,
            most_pairs=self.config.text_pairs,
            training=TrainingConfig(seed=self.config.seed),
        )
        with self.notes.timed("searches"):
            searches = read_searches(
                self.home / "events",
                self.home / "shown",
                self.ids,
                progress=self._named("Reading searches"),
            )
        with self.notes.timed("text"):
            titles = self.catalogue["title"].cast(pa.large_string()).combine_chunks()
            contexts = [] if config.model else [context_of(decode_item(one)) for one in self._bodies()]
            vectors, report = text_vectors(
                ItemTexts(MappedTexts(titles), contexts, self.words),
                searches,
                self.found,
                analyser=analyser,
                folder=self.models / "text",
                config=config,
                progress=self._named("Text vectors"),
            )
        self.notes.reports["text"] = report
        if report.recall_after is not None:
            self.notes.quality["text_recall"] = report.recall_after
        self._index("text", vectors)

    def _index(self, name: Any, vectors: npt.NDArray[np.float32]) -> None:
        stage = f"Index of {name}"
        with self.notes.timed(f"index_{name}"):
            report = build_index(
                vectors,
                self.writer.folder / "vectors" / name,
                kind=name,
                seed=self.config.seed,
                progress=lambda done, total: self.progress(stage, done, total),
            )
        self.progress(stage, report.size, report.size)

    def _lexicon(self, analyser: Analyser) -> None:
        from indexing.contracts.columns import field_kinds
        from offline.jobs.lexicon import lexicon

        self.progress("Query lexicon", 0, 1)
        index = TantivyIndex.open(self.writer.folder / "lexical", field_kinds(self.writer.shop))
        scores = self.models / "popularity" / "scores.npy"
        with self.notes.timed("lexicon"):
            self.notes.reports["lexicon"] = lexicon(
                self.home,
                self.catalogue,
                np.load(scores) if scores.exists() else None,
                self.models / "lexicon",
                analyser=analyser,
                in_catalogue=lambda word: index.document_frequency(word) > 0,
            )
        self.progress("Query lexicon", 1, 1)

    def _named(self, stage: str) -> Progress:
        """A job's own stages under the name that people read."""
        return lambda _own, done, total: self.progress(stage, done, total)


def _products(home: Path) -> int:
    """How many there are about.

    Raises:
        InputError: none.
    """
    with open_journal(home) as journal:
        count = journal.catalogue.count()
    if not count:
        raise InputError("the catalogue is empty: import items first", field="catalogue", code="empty")
    return count


def _export(home: Path, scratch: Path, progress: Progress) -> tuple[Path, int]:
    """The log to Parquet, the catalogue to one file, as they are now."""
    progress("Exporting", 0, 1)
    with open_journal(home) as journal:
        journal.export()
        path, seq = journal.catalogue.export(scratch)
    progress("Exporting", 1, 1)
    return path, seq


def _mapped(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _log_hashes(home: Path) -> dict[str, str]:
    """Of the names and sizes of the log's files: reading gigabytes twice would say little more."""
    hashes = {}
    for name in ("events", "shown"):
        files = sorted((home / name).glob("day=*/*.parquet"))
        lines = "\n".join(f"{f.parent.name}/{f.name} {f.stat().st_size}" for f in files)
        hashes[name] = hashlib.sha256(lines.encode()).hexdigest()
    return hashes

"""Write a snapshot: beside the shop until it is whole, then there at once."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from indexing.contracts.columns import field_kinds
from indexing.contracts.errors import SnapshotError
from indexing.contracts.memory_columns import ColumnsBuilder
from indexing.contracts.shop import Shop
from indexing.lexical import Prepared, write_index
from indexing.snapshots.chunks import chunks_of
from indexing.snapshots.columns import write_columns
from indexing.snapshots.disk import check_room, is_full, sync, sync_tree
from indexing.snapshots.document_pool import Make, document_making
from indexing.snapshots.items import ItemWriter
from indexing.snapshots.manifest import (
    FORMAT,
    FileEntry,
    Manifest,
    hash_files,
    library_versions,
    list_files,
)
from indexing.snapshots.store import BUILDING, building, snapshots_folder, sweep_held
from indexing.snapshots.verify import ask
from indexing.text import Analyser, fold
from indexing.vectors.report import read_report

TitleWords = Callable[[list[str]], None]
Progress = Callable[[int], None]


class SnapshotWriter:
    """One build. A context manager: what is not finished is removed, and what a killed build left is swept
    by the next one.

    Whoever builds writes ``models/<name>/`` and ``vectors/<name>/`` into :attr:`folder` between
    :meth:`write_items` and :meth:`finish`.

    Args:
        home: the shop's folder.
        shop: its declaration.
        now: aware; names the snapshot.
        items: how many there will be about: an impossible build is refused at the start.

    Raises (on entering):
        ConflictError: another build of this shop is running.
        SnapshotError: the disk has too little room.
    """

    def __init__(self, home: Path, shop: Shop, *, now: datetime, items: int = 0) -> None:
        self.home = home
        self.shop = shop
        self.rows = 0
        self.timings: dict[str, float] = {}
        self._now = now.astimezone(UTC)
        self._expected = items
        self._fingerprint = ""
        self._stack = ExitStack()
        self.folder = snapshots_folder(home) / f"{_stamp(self._now)}{BUILDING}"

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(building(self.home))
            sweep_held(self.home)
            check_room(self.home, self._expected)
            self.folder.mkdir()
            stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        full = isinstance(error, Exception) and is_full(error, self.home)
        self._stack.close()
        if full:
            raise SnapshotError(
                f"the disk was full before the build was done: {error}. The shop is as it was; "
                "make room and build again.",
                path=str(self.home),
            ) from error

    def write_items(
        self,
        bodies: Iterable[bytes],
        analyser: Analyser,
        *,
        title_words: TitleWords | None = None,
        progress: Progress | None = None,
    ) -> int:
        """Write items, columns, words and the analyser in one pass: each text is analysed once.

        Args:
            bodies: the JSON of each item as ``storable.encode_item`` makes it, sorted by id, each once;
                read once.
            title_words: called with the index words of the next titles, each title's joined by spaces: for
                jobs that want them too.
            progress: called now and then with the number of items done.

        Returns:
            How many items there are.

        Raises:
            InputError: they are not sorted by id.
        """
        started = time.perf_counter()
        for name in ("items", "columns", "lexical"):
            (self.folder / name).mkdir()
        analyser.save(self.folder / "text")
        self._fingerprint = analyser.fingerprint
        columns = ColumnsBuilder(self.shop, fold)

        def documents(make: Make, store: ItemWriter) -> Iterator[Prepared]:
            for chunk, made in make(chunks_of(bodies)):
                for item_id, body in zip(made.item_ids, chunk.bodies, strict=True):
                    store.add(item_id, body)
                columns.extend(made.values)
                if title_words is not None:
                    title_words(made.words)
                yield from made.documents
                if progress is not None:
                    progress(chunk.first + len(chunk.bodies))
            written.append(beside.submit(lambda: write_columns(self.folder / "columns", columns.finish())))

        written: list[Future[None]] = []
        with (
            ThreadPoolExecutor(1) as beside,  # the columns, while the index writes what it has gathered
            document_making(self.folder / "text", analyser, self.shop, self._expected) as make,
            ItemWriter(self.folder / "items") as store,
        ):
            write_index(self.folder / "lexical", field_kinds(self.shop), documents(make, store))
            self.rows = store.finish()
            written[0].result()
        self.timings["items"] = time.perf_counter() - started
        return self.rows

    def finish(
        self,
        *,
        catalogue_seq: int,
        seed: int,
        inputs: Mapping[str, str] | None = None,
        configuration: Mapping[str, Any] | None = None,
        counts: Mapping[str, int] | None = None,
        quality: Mapping[str, float] | None = None,
        timings: Mapping[str, float] | None = None,
    ) -> Path:
        """Hash, verify, sync, and give the snapshot its name.

        Args:
            catalogue_seq: the last catalogue change that the items hold.
            inputs: hash by name of what was read.
            quality: measures where more is better; publishing compares them.
            timings: seconds by stage of the jobs; those of this class are added.

        Returns:
            The finished folder.

        Raises:
            SnapshotBroken: what was written does not answer as it should.
        """
        started = time.perf_counter()
        files = hash_files(self.folder, list_files(self.folder))
        name = f"{_stamp(self._now)}-{_digest(files)}"
        manifest = Manifest(
            format=FORMAT,
            name=name,
            created_at=self._now,
            shop=self.shop,
            shop_hash=self.shop.hash,
            catalogue_seq=catalogue_seq,
            rows=self.rows,
            seed=seed,
            inputs=dict(inputs or {}),
            configuration=dict(configuration or {}),
            text_fingerprint=self._fingerprint,
            timings={},
            sizes=_sizes(files),
            counts=dict(counts or {}),
            quality=dict(quality or {}),
            indexes={path.name: read_report(path) for path in _folders(self.folder / "vectors")},
            models=[path.name for path in _folders(self.folder / "models")],
            files=files,
            libraries=library_versions(),
        )
        manifest.write(self.folder)
        ask(self.folder)
        self.timings["verify"] = time.perf_counter() - started
        timed = msgspec.structs.replace(manifest, timings=self.timings | dict(timings or {}))
        timed.write(self.folder)
        sync_tree(self.folder)
        final = self.folder.with_name(name)
        self.folder.rename(final)
        sync(final.parent)
        return final


def _stamp(now: datetime) -> str:
    """Milliseconds too: two builds within a second keep their order."""
    return f"{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03}"


def _digest(files: Mapping[str, FileEntry]) -> str:
    lines = "\n".join(f"{path} {entry.sha256}" for path, entry in sorted(files.items()))
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def _sizes(files: Mapping[str, FileEntry]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for path, entry in files.items():
        top = path.split("/")[0]
        sizes[top] = sizes.get(top, 0) + entry.bytes
    return sizes


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else []

"""tantivy keeps the guarantees, and what is particular to its folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.contracts.errors import ConflictError, SnapshotBroken
from indexing.lexical.base import Document, LexicalQuery
from indexing.lexical.tantivy_index import TantivyIndex
from indexing.lexical.tantivy_writer import TantivyWriter, write_index
from tests.indexing.contracts.filter_trees import KINDS
from tests.indexing.lexical.conformance import Conformance, Store, agrees_with_the_oracle, made, term

# hundreds of commits, each synced: on a busy disk they take minutes, in memory seconds
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


class TantivyStore(TantivyIndex):
    """An index with its writer; a commit is seen at once."""

    writer: TantivyWriter

    def put(self, documents: Iterable[Document]) -> None:
        self.writer.put(documents)

    def delete(self, rows: Iterable[int]) -> None:
        self.writer.delete(rows)

    def commit(self) -> None:
        self.writer.commit()
        self.reload()


@contextmanager
def opened() -> Iterator[TantivyStore]:
    with (
        TemporaryDirectory(dir=MEMORY) as folder,
        TantivyWriter(Path(folder), KINDS, memory_mb=15) as writer,
    ):
        store = TantivyStore.open(Path(folder), KINDS)
        assert isinstance(store, TantivyStore)
        store.writer = writer
        yield store


class TestTantivy(Conformance):
    def opened(self) -> AbstractContextManager[Store]:
        return opened()


@settings(max_examples=100)
@given(st.data())
def test_sets_totals_orders_and_facets_are_the_oracles(data: st.DataObject) -> None:
    """Any documents, put, put again and deleted; any query, sort, page and facets."""
    agrees_with_the_oracle(opened, data)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert write_index(tmp_path / "index", KINDS, [made(row, f"a w{row}") for row in range(50)]) == 50
    return tmp_path / "index"


def test_a_build_is_one_segment(folder: Path) -> None:
    """Each segment costs every query."""
    index = TantivyIndex.open(folder, KINDS)
    assert (index.num_segments, index.num_documents) == (1, 50)


def test_documents_in_any_order_make_an_index_in_row_order(tmp_path: Path) -> None:
    """Ties come by row in a single segment because it is sorted."""
    rows = [5, 3, 9, 0, 7, 1]
    write_index(tmp_path, KINDS, [made(row, "a") for row in rows])
    index = TantivyIndex.open(tmp_path, KINDS)
    assert index.search(LexicalQuery((term("a"),)), limit=4).rows.tolist() == [0, 1, 3, 5]


def test_a_second_writer_is_refused(folder: Path) -> None:
    """tantivy allows one; the error says so in our words."""
    with TantivyWriter(folder, KINDS, memory_mb=15), pytest.raises(ConflictError, match="another process"):
        TantivyWriter(folder, KINDS, memory_mb=15)
    TantivyWriter(folder, KINDS, memory_mb=15).close()


def test_a_view_stays_as_it_was_and_the_index_follows(folder: Path) -> None:
    """One request sees one state, whatever is reloaded meanwhile; nothing is seen before a reload."""
    index = TantivyIndex.open(folder, KINDS)
    view = index.view()
    with TantivyWriter(folder, KINDS, memory_mb=15) as writer:
        writer.put([made(60, "a")])
        writer.commit()
    query = LexicalQuery((term("a"),))
    assert index.count(query) == 50
    index.reload()
    assert (index.count(query), view.count(query)) == (51, 50)
    assert view.facets(query, ["brand"]).counts["brand"] == ()


def test_what_was_not_committed_is_dropped(folder: Path) -> None:
    """Closing is no commit."""
    with TantivyWriter(folder, KINDS, memory_mb=15) as writer:
        writer.put([made(60, "a")])
    assert TantivyIndex.open(folder, KINDS).num_documents == 50


def test_a_clone_by_hard_links_leaves_the_original_as_it_was(folder: Path, tmp_path: Path) -> None:
    """What the keeper does: no byte of the snapshot changes."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    clone = tmp_path / "clone"
    shutil.copytree(folder, clone, copy_function=lambda one, other: Path(other).hardlink_to(one))
    with TantivyWriter(clone, KINDS, memory_mb=15) as writer:
        for row in range(0, 50, 3):
            writer.put([made(row, "b")])
            writer.delete([row + 1])
            writer.commit()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert TantivyIndex.open(folder, KINDS).count(LexicalQuery((term("a"),))) == 50
    assert TantivyIndex.open(clone, KINDS).count(LexicalQuery((term("b"),))) == 17


def test_threads_may_share_an_index(folder: Path) -> None:
    """Eight threads search and count at once while it is reloaded."""
    index = TantivyIndex.open(folder, KINDS)

    def one(row: int) -> tuple[list[int], int]:
        index.reload()
        query = LexicalQuery((term("a"), term(f"w{row}")))
        return index.search(query, limit=5).rows.tolist(), index.count(query)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(50))) == [([row], 1) for row in range(50)]


def test_no_index_another_index_and_other_fields_are_refused(folder: Path, tmp_path: Path) -> None:
    """In words, before any query fails for it."""
    with pytest.raises(SnapshotBroken, match="no search index"):
        TantivyIndex.open(tmp_path / "nothing", KINDS)
    with pytest.raises(SnapshotBroken, match=r"attributes\.weight"):
        TantivyIndex.open(folder, KINDS | {"attributes.weight": "number"})
    (folder / "meta.json").write_text('{"schema": []}')
    with pytest.raises(SnapshotBroken, match="no search index"):
        TantivyIndex.open(folder, KINDS)


@pytest.mark.parametrize("damage", ["absent", "empty", "half"])
def test_a_damaged_segment_is_a_broken_snapshot(folder: Path, damage: str) -> None:
    """Every file that a segment cannot be opened without; never a panic of the engine."""
    for path in sorted(folder.glob("*.*")):
        if path.name in {"meta.json", ".managed.json"} or path.suffix in {".lock", ".store"}:
            continue
        content = path.read_bytes()
        if damage == "absent":
            path.unlink()
        else:
            path.write_bytes(content[: len(content) // 2 if damage == "half" else 0])
        with pytest.raises(SnapshotBroken) as caught:
            TantivyIndex.open(folder, KINDS)
        assert caught.value.path == str(folder)
        path.write_bytes(content)
    assert TantivyIndex.open(folder, KINDS).num_documents == 50

"""Documents made by processes are those made here."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from indexing.contracts.errors import SnapshotError
from indexing.contracts.items import Item
from indexing.contracts.memory_columns import ColumnsBuilder, MemoryColumns, columns_of
from indexing.contracts.shop import Shop
from indexing.lexical import DocumentMaker, prepared
from indexing.snapshots.chunks import chunks_of
from indexing.snapshots.document_pool import document_making
from indexing.snapshots.storable import bodies_of
from indexing.text import Analyser, fold


def same_columns(found: MemoryColumns, truth: MemoryColumns) -> None:
    assert found.rows == truth.rows
    for name, numbers in truth.number_columns.items():
        np.testing.assert_array_equal(found.number_columns[name], numbers)
    for name, column in truth.text_columns.items():
        other = found.text_columns[name]
        assert (list(other.values), other.display) == (list(column.values), column.display)
        np.testing.assert_array_equal(other.codes, column.codes)


@pytest.mark.parametrize(("count", "size"), [(60, 7), (60, 1), (3, 500), (0, 5)])
def test_the_same_documents_in_the_same_order(
    *, tmp_path: Path, shop: Shop, items: list[Item], analyser: Analyser, count: int, size: int
) -> None:
    """Every chunk comes back with its documents, in order, whether workers made them or not."""
    analyser.save(tmp_path)
    maker = DocumentMaker(analyser, shop)
    truth = [prepared(maker(row, item).spaced()) for row, item in enumerate(items[:count])]
    columns = columns_of(items[:count], shop, fold)
    for expected_items in (0, 20_000):
        with document_making(tmp_path, analyser, shop, expected_items) as make:
            pairs = list(make(chunks_of(bodies_of(items[:count]), size)))
        assert [one for _, made in pairs for one in made.documents] == truth
        assert [words.split() for _, made in pairs for words in made.words] == [
            [token.text for token in analyser.index(item.title)] for item in items[:count]
        ]
        assert [body for chunk, _ in pairs for body in chunk.bodies] == list(bodies_of(items[:count]))
        assert [one for _, made in pairs for one in made.item_ids] == [i.item_id for i in items[:count]]
        builder = ColumnsBuilder(shop, fold)
        for _, made in pairs:
            builder.extend(made.values)
        same_columns(builder.finish(), columns)


def workers() -> list[psutil.Process]:
    return [
        child for child in psutil.Process().children() if "document_worker" in " ".join(child.cmdline())
    ]


def test_workers_end_with_the_build(
    tmp_path: Path, shop: Shop, items: list[Item], analyser: Analyser
) -> None:
    """Also when it ends early, by an error in what takes the documents."""
    analyser.save(tmp_path)
    with (  # noqa: PT012
        pytest.raises(RuntimeError, match="enough"),
        document_making(tmp_path, analyser, shop, 20_000) as make,
    ):
        for _ in make(chunks_of(bodies_of(items), 2)):
            assert workers()
            raise RuntimeError("enough")
    assert workers() == []


def test_a_killed_worker_is_an_error(
    tmp_path: Path, shop: Shop, items: list[Item], analyser: Analyser
) -> None:
    """Not a build that waits for ever, nor one that lacks documents."""
    analyser.save(tmp_path)
    with (  # noqa: PT012
        pytest.raises(SnapshotError, match="ended with status -9"),
        document_making(tmp_path, analyser, shop, 20_000) as make,
    ):
        for worker in workers():
            worker.kill()
        list(make(chunks_of(bodies_of(items), 2)))


_BUILD = """
import sys
from pathlib import Path
from indexing.snapshots.document_pool import document_making
from indexing.text import build_analyser
from tests.indexing.snapshots.conftest import SHOP
analyser = build_analyser([])
analyser.save(Path(sys.argv[1]))
with document_making(Path(sys.argv[1]), analyser, SHOP, 20_000):
    print("here", flush=True)
    sys.stdin.read()
"""


def test_workers_of_a_killed_build_end_by_themselves(tmp_path: Path) -> None:
    """SIGKILL of the build ends the pipes, and so the workers."""
    process = subprocess.Popen(
        [sys.executable, "-c", _BUILD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    children = psutil.Process(process.pid).children()
    assert children
    process.send_signal(signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + 30
    while any(child.is_running() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(child.is_running() for child in children)

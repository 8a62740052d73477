"""Documents made by processes are those made here."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from indexing.contracts.errors import SnapshotError
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop
from indexing.lexical import DocumentMaker
from indexing.lexical.base import Document, SpacedDocument
from indexing.snapshots.document_pool import Chunk, document_making
from indexing.snapshots.storable import encode_item
from indexing.text import Analyser


def chunks(items: list[Item], size: int) -> Iterator[Chunk]:
    for first in range(0, len(items), size):
        part = items[first : first + size]
        yield Chunk(first, part, [encode_item(item)[1] for item in part])


def plain(made: Document | SpacedDocument) -> tuple[object, ...]:
    values = {
        name: list(value) if isinstance(value, tuple) else value for name, value in made.values.items()
    }
    made = made.spaced() if isinstance(made, Document) else made
    return made.row, made.words, made.characters, values


@pytest.mark.parametrize(("count", "size"), [(60, 7), (60, 1), (3, 500), (0, 5)])
def test_the_same_documents_in_the_same_order(
    *, tmp_path: Path, shop: Shop, items: list[Item], analyser: Analyser, count: int, size: int
) -> None:
    """Every chunk comes back with its documents, in order, whether workers made them or not."""
    analyser.save(tmp_path)
    maker = DocumentMaker(analyser, shop)
    truth = [plain(maker(row, item)) for row, item in enumerate(items[:count])]
    for expected_items in (0, 20_000):
        with document_making(tmp_path, analyser, shop, expected_items) as make:
            pairs = list(make(chunks(items[:count], size)))
        assert [plain(one) for _, made in pairs for one, _ in made] == truth
        assert [words.split() for _, made in pairs for _, words in made] == [
            [token.text for token in analyser.index(item.title)] for item in items[:count]
        ]
        assert [item for chunk, _ in pairs for item in chunk.items] == items[:count]


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
        for _ in make(chunks(items, 2)):
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
        list(make(chunks(items, 2)))


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

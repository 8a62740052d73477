"""The small shop as fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest

from search import SearchEngine
from tests.search.shop import INDEXES, ITEMS, Make, MemoryCatalogue, build_catalogue


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Build a catalogue from items; keywords choose what it has."""
    return lambda items, **options: build_catalogue(tmp_path, items, **options)


@pytest.fixture(scope="session", params=list(INDEXES))
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MemoryCatalogue:
    """The small shop with its lexicon, without vectors and sales, on both lexical indexes."""
    folder = tmp_path_factory.mktemp("shop")
    return build_catalogue(folder, ITEMS, index=INDEXES[request.param])


@pytest.fixture(scope="session")
def engine(shop: MemoryCatalogue) -> SearchEngine:
    """Over the small shop."""
    return SearchEngine(shop)

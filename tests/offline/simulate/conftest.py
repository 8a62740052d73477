"""One small shop for all tests of this folder: 800 products, 400 shoppers, eight days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from offline.simulate import Summary, simulate

LAST_DAY = date(2026, 11, 21)


class Home:
    """A simulated shop's folder, its tables read whole."""

    def __init__(self, path: Path, summary: Summary) -> None:
        self.path, self.summary = path, summary
        self.events = self._days("events")
        self.shown = self._days("shown")
        self.catalogue = pq.read_table(path / "catalogue.parquet")

    def _days(self, name: str) -> pa.Table:
        return pa.concat_tables(
            [pq.ParquetFile(p).read() for p in sorted(self.path.glob(f"{name}/day=*/*.parquet"))]
        )

    def truth(self, name: str) -> pa.Table:
        return pq.read_table(self.path / "truth" / f"{name}.parquet")

    def of(self, *names: str) -> pa.Table:
        """Events of these names."""
        return self.events.filter(pa.compute.is_in(self.events["event"], pa.array(names)))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    path = tmp_path_factory.mktemp("shop")
    return Home(path, simulate(path, products=800, shoppers=400, days=8, seed=1, last_day=LAST_DAY))

"""A small simulated shop, made once; nothing may change it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from offline.simulate import simulate

DAYS = 8


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """800 products, 400 shoppers, 8 days."""
    home = tmp_path_factory.mktemp("demo")
    simulate(home, products=800, shoppers=400, days=DAYS, seed=3, last_day=date(2026, 5, 31))
    return home

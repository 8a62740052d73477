"""What every test shares: where the real data lies, and how hypothesis runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No deadline: timings on shared machines say nothing. Seeded: a red test is red again.
settings.register_profile(
    "daogou", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# At length, by ``python -m benchmarks fuzz``: more of each, other ones by ``--hypothesis-seed``.
settings.register_profile("long", settings.get_profile("daogou"), derandomize=False, max_examples=500)
settings.load_profile(os.environ.get("DAOGOU_HYPOTHESIS", "daogou"))

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; the test is skipped where there is none."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"no real data at {SHARED_DATA}")
    return SHARED_DATA

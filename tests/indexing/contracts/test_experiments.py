"""Assignment: golden, stable, uniform, independent."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from indexing.contracts.experiments import ArmSpec, Experiment, assign, draw

GOLDEN = json.loads((Path(__file__).parents[2] / "golden/assignment.json").read_text(encoding="utf-8"))
HALVES = [ArmSpec("control", "default"), ArmSpec("same", "default")]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: f"{case['experiment']['name']}-{case['unit']}")
def test_golden_cases(case: dict) -> None:
    """What any language must compute from the same texts."""
    experiment = msgspec.convert(case["experiment"], Experiment)
    assert draw("cover", experiment.layer, case["unit"]) == case["cover"]
    assert draw("arm", experiment.name, case["unit"]) == case["arm_point"]
    arm = assign(experiment, case["unit"])
    assert (arm.name if arm else None) == case["arm"]


def test_the_golden_numbers_are_sha256_written_out() -> None:
    """The first 53 bits of SHA-256("1|arm|aa|shopper-1"), by another road."""
    import hashlib

    bits = bin(int(hashlib.sha256(b"1|arm|aa|shopper-1").hexdigest(), 16))[2:].zfill(256)[:53]
    assert draw("arm", "aa", "shopper-1") == int(bits, 2) / 2**53


def test_arms_get_their_shares_and_coverage_moves_nobody() -> None:
    """3 : 1 within five standard errors; whoever was in at 20 % has the same arm at 60 %."""
    arms = [ArmSpec("control", "default", 3.0), ArmSpec("new", "v2", 1.0)]
    units = [f"u{i}" for i in range(20_000)]
    small = {u: assign(Experiment("e", arms, end=0.2), u) for u in units}
    large = {u: assign(Experiment("e", arms, end=0.6), u) for u in units}
    assert all(large[u] == arm for u, arm in small.items() if arm)
    counts = Counter(arm.name for arm in large.values() if arm)
    total = sum(counts.values())
    assert abs(total / len(units) - 0.6) < 5 * (0.6 * 0.4 / len(units)) ** 0.5
    assert abs(counts["new"] / total - 0.25) < 5 * (0.25 * 0.75 / total) ** 0.5


def test_two_experiments_are_independent() -> None:
    """The arm in one says nothing of the arm in the other: χ² with one degree of freedom below 15."""
    units = [f"u{i}" for i in range(10_000)]
    table = Counter(
        (assign(Experiment("a", HALVES), u).name, assign(Experiment("b", HALVES), u).name) for u in units
    )
    cell = len(units) / 4
    assert sum((table[key] - cell) ** 2 / cell for key in table) < 15


def test_a_stopped_experiment_assigns_nobody() -> None:
    """Nor does one that covers nobody."""
    assert assign(Experiment("a", HALVES, running=False), "u") is None
    assert assign(Experiment("a", HALVES, begin=0.5, end=0.5), "u") is None

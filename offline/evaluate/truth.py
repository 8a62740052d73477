"""The demo shop against its own truth: everything that can be told only because the shoppers are made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from indexing.contracts.errors import InputError
from indexing.snapshots import Snapshot
from offline.build import BuildConfig, build
from offline.evaluate.bias import PositionBias, position_bias
from offline.evaluate.past import days_of, past_home
from offline.evaluate.purchases import NextPurchase, next_purchase
from offline.evaluate.relevance import Relevance, relevance
from offline.evaluate.together import Together, bought_together

Progress = Callable[[str, int, int], None]


class TruthConfig(msgspec.Struct, frozen=True):
    """How the shop is measured.

    Attributes:
        held_out: days at the log's end that nothing is trained on.
        per_kind: most queries of each kind.
        build: of the models.
    """

    held_out: int = 7
    per_kind: int = 150
    seed: int = 1
    build: BuildConfig = BuildConfig()


class Truth(msgspec.Struct, frozen=True):
    """What came of it."""

    purchases: NextPurchase
    together: Together
    search: Relevance
    bias: PositionBias


def truth(home: Path, config: TruthConfig | None = None, *, progress: Progress) -> Truth:
    """Build from the days before the split in a scratch folder, and hold it against ``home/truth``.

    Raises:
        InputError: ``home`` holds no simulated shop, or its log is no longer than what is held out.
    """
    chosen = config or TruthConfig()
    days = days_of(home)
    if not 0 < chosen.held_out < len(days):
        raise InputError(
            f"{chosen.held_out} days held out of {len(days)}: expected at least one on each side",
            field="held_out",
        )
    until = days[-chosen.held_out]
    with TemporaryDirectory(prefix="daogou-truth-") as scratch:
        past = past_home(home, Path(scratch) / "past", until)
        snapshot = Snapshot.open(build(past, chosen.build, progress=progress).path)
        try:
            return Truth(
                purchases=next_purchase(home, snapshot, until, progress=progress),
                together=bought_together(home, past, snapshot),
                search=relevance(
                    home, snapshot, until, per_kind=chosen.per_kind, seed=chosen.seed, progress=progress
                ),
                bias=position_bias(home, seed=chosen.seed),
            )
        finally:
            snapshot.close()

"""What the recommender answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the reader of an answer should know, such as a source that had to be skipped."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is in the list.

    Attributes:
        code: a name of ``recsys.reasons.TEXTS``.
        because: the row that the text names, -1 for none.
    """

    code: str
    because: int = -1


@dataclass(frozen=True, slots=True)
class RecommendResult:
    """One list and what follows it.

    Attributes:
        ranking: the rows of this page, best first, each with its source and its cause.
        reasons: one for each row of ``ranking``.
        propensities: float32, one for each row: the probability that it stood in its place under the
            policy that answered; 1.0 without exploration.
        upcoming: the rows of the pages to come (at most 100), none of them on this page.
        upcoming_reasons: one for each row of ``upcoming``.
        notes: what was skipped or filled, and why.
        timings_ms: by stage.
        rules_applied: ids of the rules that changed something that could be seen, sorted.
        ranks: with ``explain``, for each row of ``ranking`` its rank (from 1) by source; else empty.
    """

    ranking: Ranking
    reasons: tuple[Reason, ...]
    propensities: npt.NDArray[np.float32]
    upcoming: Ranking
    upcoming_reasons: tuple[Reason, ...]
    notes: tuple[Note, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    rules_applied: tuple[str, ...] = ()
    ranks: tuple[Mapping[str, int], ...] = ()

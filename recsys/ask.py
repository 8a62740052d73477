"""What a candidate source is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking, Rows
from indexing.snapshots.catalogue import Catalogue
from recsys.direction import Direction, direction
from recsys.models import Models
from recsys.taste import Taste


@dataclass(frozen=True, slots=True)
class Seeds:
    """The products that candidates are sought for.

    Attributes:
        rows: int32 (n,), unique: the context of the page, or what the shopper touched, newest first.
        weights: float32 (n,), positive.
        from_context: they are the context, not the shopper's.
    """

    rows: Rows
    weights: npt.NDArray[np.float32]
    from_context: bool

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Ask:
    """One question to a source.

    Attributes:
        mask: bool (catalogue.rows,): the rows that may be recommended. Every source keeps to it.
        seeds: see :class:`Seeds`.
        taste: of the shopper, empty for a stranger.
        quota: candidates wanted, at most.
        today: what new is measured from, seconds since the epoch.
    """

    catalogue: Catalogue
    models: Models
    mask: npt.NDArray[np.bool_]
    seeds: Seeds
    taste: Taste
    quota: int
    today: float

    @cached_property
    def direction(self) -> Direction | None:
        """Where the texts of the seeds point; None where there is no index of texts, or nothing to say."""
        index = self.catalogue.vectors("text")
        return None if index is None else direction(index, self.seeds.rows, self.seeds.weights)

    def asking(self, quota: int, mask: npt.NDArray[np.bool_]) -> Ask:
        """The same question for another number of candidates among other rows."""
        return replace(self, quota=quota, mask=mask)


@dataclass(frozen=True, slots=True)
class Missing:
    """A source that cannot answer, since the thing named was not built."""

    needs: str


Source = Callable[[Ask], "Ranking | Missing"]

"""What is asked of the recommender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from indexing.contracts.filters import Filter
from indexing.contracts.profiles import RecommendProfile
from indexing.contracts.rules import Rule

MOST_UPCOMING = 100
"""A cursor carries at most so many ids of the pages to come."""


class Action(Protocol):
    """One thing that a shopper did; ``indexing.journal`` keeps the last hundred of each."""

    @property
    def event(self) -> str: ...

    @property
    def item_id(self) -> str | None: ...

    @property
    def timestamp(self) -> datetime: ...

    @property
    def query(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class RecommendRequest:
    """One list.

    Attributes:
        scenario: a name of ``recsys.scenarios.SCENARIOS``.
        now: aware; what new means and whether an action is recent.
        limit: places on this page, 1 to 100.
        item_ids: the context: the product of the page, the products in the cart. Never recommended.
        actions: what the shopper did, newest first; empty for a stranger.
        filter: hard: nothing else is recommended.
        exclude_items: not to be shown, such as what other lists of the page show; unknown ids count for
            nothing.
        profile: sources, weights and diversity.
        rules: resolved (``indexing.contracts.rules.resolve``).
        seed: of the exploration; the same seed gives the same list.
        explain: also say at which rank each source had each row.
    """

    scenario: str
    now: datetime
    limit: int = 20
    item_ids: Sequence[str] = ()
    actions: Sequence[Action] = ()
    filter: Filter | None = None
    exclude_items: Sequence[str] = ()
    profile: RecommendProfile = field(default_factory=RecommendProfile)
    rules: tuple[Rule, ...] = ()
    seed: int = 0
    explain: bool = False

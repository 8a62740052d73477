"""What is being served now: one catalogue, its engines, and the control rows that go with it.

A :class:`View` never changes. When a snapshot is published or a rule changes, the next request holds
another view; what the old one had open is closed when its last request ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from indexing.contracts.columns import FieldKind, field_kinds
from indexing.contracts.errors import FilterError
from indexing.contracts.experiments import Experiment
from indexing.contracts.filter_parser import parse
from indexing.contracts.filters import Filter
from indexing.contracts.profiles import Profile
from indexing.contracts.rules import Rule
from indexing.snapshots.catalogue import Catalogue
from indexing.text import fold
from recsys import RecommendEngine
from search import SearchEngine

_log = structlog.get_logger("api.view")


@dataclass(frozen=True, slots=True)
class Policy:
    """What people have decided: the control rows at one ``seq``."""

    seq: int = 0
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    experiments: tuple[Experiment, ...] = ()
    rules: tuple[Rule, ...] = ()


class ControlStore(Protocol):
    """The part of ``journal.control`` that is needed here."""

    def seq(self) -> int: ...
    def pointer(self) -> str | None: ...
    def rules(self) -> tuple[Rule, ...]: ...
    def profiles(self) -> tuple[Profile, ...]: ...
    def experiments(self) -> tuple[Experiment, ...]: ...


class Source(Protocol):
    """Where catalogues come from; :class:`api.sources.LiveSource` is the one that serves."""

    def serving(self, pointer: str | None) -> str | None:
        """The snapshot to serve when ``pointer`` is published."""
        ...

    def open(self, name: str) -> Catalogue: ...

    def newest(self, catalogue: Catalogue) -> Catalogue:
        """The same snapshot with what changed since; the same object when nothing did."""
        ...

    def close(self, catalogue: Catalogue) -> None: ...


class View:
    """One consistent view of the shop.

    Args:
        before: the view before this one; what was read of filters and rules is read once a snapshot.

    Attributes:
        version: stands in every answer.
        kinds: the fields that filters may name.
        rules: those of the policy that can be read here: a rule may name an attribute that this snapshot
            does not have, and must not spoil every answer.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        policy: Policy,
        search: SearchEngine,
        recommend: RecommendEngine,
        *,
        before: View | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.policy = policy
        self.search = search
        self.recommend = recommend
        self.kinds: Mapping[str, FieldKind] = field_kinds(catalogue.shop)
        self.version = f"{catalogue.snapshot_name}.{catalogue.catalogue_seq}.{policy.seq}"
        kin = before if before and before.catalogue.snapshot_name == catalogue.snapshot_name else None
        self.rules: tuple[Rule, ...] = (
            kin.rules
            if kin and kin.policy.seq == policy.seq
            else tuple(filter(self._readable, policy.rules))
        )

    def _readable(self, rule: Rule) -> bool:
        try:
            self.filter(rule.filter)
        except FilterError as error:
            _log.warning("a rule is passed over", rule_id=rule.rule_id, detail=error.detail)
            return False
        return True

    def filter(self, text: str | None) -> Filter | None:
        """A filter expression, parsed.

        Raises:
            FilterError: with the place of the fault.
        """
        if text is None or not text.strip():
            return None
        return parse(text, self.kinds, fold=fold)

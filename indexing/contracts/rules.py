"""Rules of the merchandiser: when … then …, over search and recommendation alike.

Resolved once, before retrieval; they act at three points: on the query, as a filter (``hide``), and on
the list (``pin``, ``boost``, ``bury``). What acts today: ``pin``, ``hide``, ``boost``, ``bury``.

Order: hides first, for they are filters; then boost and bury in order of ``rule_id``; pins last. A pin
obeys stock, hides and the shopper's filters, and an explicit sort ignores boosts, buries and pins. Where
two pins want one place, the smaller ``rule_id`` has it and the other follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

RuleKind = Literal["pin", "hide", "boost", "bury"]


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All that is given must hold; an empty condition always does.

    Attributes:
        query: the folded query is exactly this.
        query_contains: the folded query contains this.
        scenarios: ``search`` or scenarios of recommendation.
        starts_at, ends_at: half-open period.
    """

    query: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    query_contains: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    scenarios: list[str] = []
    starts_at: Annotated[datetime, Meta(tz=True)] | None = None
    ends_at: Annotated[datetime, Meta(tz=True)] | None = None

    def holds(self, *, scenario: str, query: str | None, now: datetime) -> bool:
        """Args: ``query`` folded, or None outside search; ``now`` aware."""
        return (
            (not self.scenarios or scenario in self.scenarios)
            and (self.query is None or query == self.query)
            and (self.query_contains is None or (query or "").find(self.query_contains) >= 0)
            and (self.starts_at is None or self.starts_at <= now)
            and (self.ends_at is None or now < self.ends_at)
        )


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One rule.

    Attributes:
        kind: what is done.
        item_ids: to these products, or
        filter: to whatever matches this expression (not for ``pin``).
        position: of the first product pinned, 1-based; the others follow it.
        factor: of a ``boost`` (> 1).
    """

    rule_id: Annotated[str, Meta(min_length=1, max_length=64)]
    kind: RuleKind
    when: When = When()
    item_ids: Annotated[list[str], Meta(max_length=100)] = []
    filter: Annotated[str, Meta(max_length=2000)] | None = None
    position: Annotated[int, Meta(ge=1, le=100)] = 1
    factor: Annotated[float, Meta(gt=0, le=100)] = 2.0
    enabled: bool = True

    def __post_init__(self) -> None:
        if bool(self.item_ids) == (self.filter is not None):
            raise ValueError("a rule names item_ids or a filter, one of them")
        if self.kind == "pin" and not self.item_ids:
            raise ValueError("a pin names item_ids")


def resolve(rules: Sequence[Rule], *, scenario: str, query: str | None, now: datetime) -> tuple[Rule, ...]:
    """The enabled rules whose condition holds, by ``rule_id``. ``query`` is folded."""
    chosen = (r for r in rules if r.enabled and r.when.holds(scenario=scenario, query=query, now=now))
    return tuple(sorted(chosen, key=lambda rule: rule.rule_id))

"""What was shown goes into the journal: today's answers are what tomorrow's ranking learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from api.assign import Assigned
from api.service.people import Person
from api.types.shared import ExperimentArm
from indexing.contracts.experiments import draw
from indexing.contracts.shown import Shown, Slot


class ShownStore(Protocol):
    """The part of ``journal.shown`` that is needed here."""

    def log(self, shown: Shown) -> None: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """What all answers have in common when they are logged."""

    request_id: str
    version: str
    scenario: str
    surface: str | None
    person: Person
    assigned: Assigned
    query: str | None = None
    filter: str | None = None
    page_of: str | None = None


def shown_of(answered: Answered, slots: Sequence[Slot]) -> Shown:
    """The row of an answer."""
    return Shown(
        request_id=answered.request_id,
        served_at=datetime.now(UTC),
        surface=answered.surface or answered.scenario,
        scenario=answered.scenario,
        version=answered.version,
        slots=list(slots),
        shopper=answered.person.shopper,
        query=answered.query,
        filter=answered.filter,
        arms=list(answered.assigned.arms),
        page_of=answered.page_of,
    )


def logs_features(request_id: str, share: float) -> bool:
    """Whether the features of this answer are logged: a seeded sample, the same for the same request.

    >>> logs_features("any", 0.0), logs_features("any", 1.0)
    (False, True)
    """
    return draw("sample", "features", request_id) < share


def arms_of(assigned: Assigned) -> list[ExperimentArm]:
    """The experiments as an answer names them."""
    return [ExperimentArm(arm.experiment, arm.arm) for arm in assigned.arms]

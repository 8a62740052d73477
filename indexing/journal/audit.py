"""The audit: who did what to what, and what it was before. Rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from indexing.journal.checks import check_text
from indexing.journal.tables import AUDIT
from indexing.journal.times import moment, now_micros


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One step.

    Attributes:
        action: such as ``pointer.swap``, ``rule.put``, ``key.revoke``.
        subject: the name of what was changed.
        before, after: what it was and what it became, JSON or a name; None: not there.
    """

    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: str | None
    after: str | None
    detail: str


def write_audit(
    connection: Connection,
    actor: str,
    action: str,
    subject: str,
    *,
    before: str | None = None,
    after: str | None = None,
    detail: str = "",
) -> None:
    """Add a row, in the transaction of the change that it tells of.

    Raises:
        InputError: a text that is none.
    """
    for field, value in (
        ("actor", actor),
        ("subject", subject),
        ("after", after or ""),
        ("detail", detail),
    ):
        check_text(field, value)
    connection.execute(
        AUDIT.insert().values(
            at=now_micros(),
            actor=actor,
            action=action,
            subject=subject,
            before=before,
            after=after,
            detail=detail,
        )
    )


def read_audit(connection: Connection, limit: int) -> list[AuditRow]:
    """The last steps, the newest first."""
    rows = connection.execute(select(AUDIT).order_by(AUDIT.c.sequence.desc()).limit(limit))
    return [
        AuditRow(r.sequence, moment(r.at), r.actor, r.action, r.subject, r.before, r.after, r.detail)
        for r in rows
    ]

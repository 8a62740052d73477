"""Control: which snapshot is served, by which rules, profiles and experiments, and who may call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, bindparam, select

from indexing.contracts.errors import ConflictError, JournalError, NotFoundError
from indexing.contracts.experiments import Experiment
from indexing.contracts.profiles import Profile
from indexing.contracts.rules import Rule
from indexing.journal import keys
from indexing.journal.audit import AuditRow, read_audit, write_audit
from indexing.journal.checks import check_id, encoded
from indexing.journal.database import Database
from indexing.journal.keys import KeyRow
from indexing.journal.tables import AUDIT, CONTROL_SEQ, DOCUMENTS, POINTER

_encode = msgspec.json.Encoder(order="deterministic").encode
Kind = TypeVar("Kind", Rule, Profile, Experiment)

_SEQ = select(CONTROL_SEQ.c.value)
_POINTER = select(POINTER.c.snapshot)
_EVER_SERVED = select(AUDIT.c.after).where(AUDIT.c.action == "pointer.swap").distinct()
_ALL = (
    select(DOCUMENTS.c.name, DOCUMENTS.c.body)
    .where(DOCUMENTS.c.kind == bindparam("kind"))
    .order_by(DOCUMENTS.c.name)
)
_AT = (DOCUMENTS.c.kind == bindparam("of_kind")) & (DOCUMENTS.c.name == bindparam("of_name"))
_ONE = select(DOCUMENTS.c.body).where(_AT)
_SET = DOCUMENTS.update().where(_AT).values(body=bindparam("content"))


class Control:
    """Every change of what is published raises :meth:`seq` and leaves an audit row, in one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seq(self) -> int:
        """Number of the last published change of pointer, rules, profiles or experiments."""
        with self._database.read() as connection:
            seq: int = connection.execute(_SEQ).scalar_one()
        return seq

    def pointer(self) -> str | None:
        """Name of the snapshot that is served, None before the first was published."""
        with self._database.read() as connection:
            name: str | None = connection.execute(_POINTER).scalar_one()
        return name

    def served(self) -> frozenset[str]:
        """Names of all snapshots that were ever served."""
        with self._database.read() as connection:
            return frozenset(connection.execute(_EVER_SERVED).scalars())

    def swap(self, name: str, expected: str | None, actor: str, detail: str = "") -> int:
        """Move the pointer, if it is still where the caller saw it.

        Returns:
            The new :meth:`seq`.

        Raises:
            ConflictError: it is somewhere else by now; nothing was changed.
        """
        with self._database.write() as connection:
            held = connection.execute(_POINTER).scalar_one()
            if held != expected:
                raise ConflictError(f"the pointer is at {held}, not at {expected}: look again")
            connection.execute(POINTER.update().values(snapshot=name))
            write_audit(
                connection, actor, "pointer.swap", "pointer", before=held, after=name, detail=detail
            )
            return _raised(connection)

    def rules(self) -> tuple[Rule, ...]:
        """All rules by ``rule_id``, those switched off included."""
        return self._all("rule", Rule)

    def put_rule(self, rule: Rule, actor: str, detail: str = "") -> int:
        """Publish a rule; one with the same ``rule_id`` is replaced. Returns the new :meth:`seq`."""
        return self._put("rule", rule.rule_id, rule, actor, detail)

    def delete_rule(self, rule_id: str, actor: str, detail: str = "") -> int:
        """Take a rule away. Raises: NotFoundError."""
        return self._delete("rule", rule_id, actor, detail)

    def profiles(self) -> tuple[Profile, ...]:
        """All profiles by name."""
        return self._all("profile", Profile)

    def put_profile(self, profile: Profile, actor: str, detail: str = "") -> int:
        """Publish a profile; one with the same name is replaced. Returns the new :meth:`seq`."""
        return self._put("profile", profile.name, profile, actor, detail)

    def delete_profile(self, name: str, actor: str, detail: str = "") -> int:
        """Take a profile away. Raises: NotFoundError."""
        return self._delete("profile", name, actor, detail)

    def experiments(self) -> tuple[Experiment, ...]:
        """All experiments by name, those that do not run included."""
        return self._all("experiment", Experiment)

    def put_experiment(self, experiment: Experiment, actor: str, detail: str = "") -> int:
        """Publish an experiment; one with the same name is replaced. Returns the new :meth:`seq`."""
        return self._put("experiment", experiment.name, experiment, actor, detail)

    def delete_experiment(self, name: str, actor: str, detail: str = "") -> int:
        """Take an experiment away. Raises: NotFoundError."""
        return self._delete("experiment", name, actor, detail)

    def create_key(
        self,
        scopes: Sequence[str],
        name: str,
        *,
        origins: Sequence[str] = (),
        expires_at: datetime | None = None,
        loopback_only: bool = False,
        actor: str = "operator",
    ) -> tuple[KeyRow, str]:
        """Make a key. The secret, ``dg_`` and 32 characters, is returned here and never again.

        Raises:
            InputError: no scope, or an unknown one.
        """
        with self._database.write() as connection:
            return keys.create(
                connection,
                scopes,
                name,
                origins=origins,
                expires_at=expires_at,
                loopback_only=loopback_only,
                actor=actor,
            )

    def find_key(self, sha256: str) -> KeyRow | None:
        """The key with that hash (:func:`hash_key`) if it is good now: neither revoked nor expired."""
        with self._database.read() as connection:
            return keys.find(connection, sha256)

    def list_keys(self) -> list[KeyRow]:
        """All keys, the oldest first, revoked ones included."""
        with self._database.read() as connection:
            return keys.every(connection)

    def revoke_key(self, key_id: str, actor: str) -> KeyRow:
        """End a key at once. Raises: NotFoundError."""
        with self._database.write() as connection:
            return keys.revoke(connection, key_id, actor=actor)

    def rotate_key(self, key_id: str, actor: str, *, grace: timedelta = timedelta(0)) -> tuple[KeyRow, str]:
        """Make a key that may do the same; the old one stays good for ``grace``.

        Raises:
            NotFoundError: no such key.
            InputError: it was revoked.
        """
        with self._database.write() as connection:
            return keys.rotate(connection, key_id, grace=grace, actor=actor)

    def audit(self, limit: int = 100) -> list[AuditRow]:
        """The last steps, the newest first."""
        with self._database.read() as connection:
            return read_audit(connection, limit)

    def _all(self, kind: str, of: type[Kind]) -> tuple[Kind, ...]:
        with self._database.read() as connection:
            rows = connection.execute(_ALL, {"kind": kind}).all()
        return tuple(_read(kind, name, body, of) for name, body in rows)

    def _put(self, kind: str, name: str, document: msgspec.Struct, actor: str, detail: str) -> int:
        check_id(f"{kind}_name", name)
        body = encoded(document, _encode, msgspec.json.Decoder(type(document)).decode)
        where = {"of_kind": kind, "of_name": name}
        with self._database.write() as connection:
            before = connection.execute(_ONE, where).scalar_one_or_none()
            if before is None:
                connection.execute(DOCUMENTS.insert().values(kind=kind, name=name, body=body))
            else:
                connection.execute(_SET, where | {"content": body})
            write_audit(
                connection,
                actor,
                f"{kind}.put",
                name,
                before=None if before is None else _text(before),
                after=body.decode(),
                detail=detail,
            )
            return _raised(connection)

    def _delete(self, kind: str, name: str, actor: str, detail: str) -> int:
        where = {"of_kind": kind, "of_name": name}
        with self._database.write() as connection:
            before = connection.execute(_ONE, where).scalar_one_or_none()
            if before is None:
                raise NotFoundError(kind, name)
            connection.execute(DOCUMENTS.delete().where(_AT), where)
            write_audit(connection, actor, f"{kind}.delete", name, before=_text(before), detail=detail)
            return _raised(connection)


def _read(kind: str, name: str, body: bytes, of: type[Kind]) -> Kind:
    try:
        return msgspec.json.decode(body, type=of)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        detail = f"the {kind} {name!r} cannot be read: {error}. Publish it again, or delete it"
        raise JournalError(detail) from error


def _text(body: bytes) -> str:
    """For the audit, also of what cannot be read."""
    return body.decode(errors="backslashreplace")


def _raised(connection: Connection) -> int:
    connection.execute(CONTROL_SEQ.update().values(value=CONTROL_SEQ.c.value + 1))
    seq: int = connection.execute(_SEQ).scalar_one()
    return seq

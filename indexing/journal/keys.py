"""API keys: random, shown once, kept as a hash.

A key holds 192 random bits, so a plain SHA-256 is enough: there is nothing to guess from.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import Connection, Row, bindparam, or_, select

from indexing.contracts.errors import InputError, NotFoundError
from indexing.journal.audit import write_audit
from indexing.journal.checks import check_text
from indexing.journal.tables import KEYS
from indexing.journal.times import micros, moment, now_micros

Scope = Literal["storefront", "merchandiser", "analyst", "operator"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
PREFIX = "dg_"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as it is kept; the secret is not.

    Attributes:
        key_id: names the key in lists and logs; no secret.
        origins: browsers may use it from these alone; empty: from everywhere.
        loopback_only: for callers on this machine.
        expires_at: half-open; None: never.
        revoked_at: None while it is good.
    """

    key_id: str
    name: str
    scopes: tuple[Scope, ...]
    origins: tuple[str, ...]
    loopback_only: bool
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def hash_key(secret: str) -> str:
    """What is kept of a key: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


_LIVE = select(KEYS).where(
    KEYS.c.sha256 == bindparam("sha256"),
    KEYS.c.revoked_at.is_(None),
    or_(KEYS.c.expires_at.is_(None), KEYS.c.expires_at > bindparam("now")),
)
_BY_ID = select(KEYS).where(KEYS.c.key_id == bindparam("key_id"))


def find(connection: Connection, sha256: str) -> KeyRow | None:
    """The key that is good now."""
    row = connection.execute(_LIVE, {"sha256": sha256, "now": now_micros()}).one_or_none()
    return None if row is None else _key(row)


def every(connection: Connection) -> list[KeyRow]:
    """All keys, the oldest first, revoked ones included."""
    rows = connection.execute(select(KEYS).order_by(KEYS.c.created_at, KEYS.c.key_id))
    return [_key(row) for row in rows]


def create(
    connection: Connection,
    scopes: Sequence[str],
    name: str,
    *,
    origins: Sequence[str],
    expires_at: datetime | None,
    loopback_only: bool,
    actor: str,
) -> tuple[KeyRow, str]:
    """Make a key; the secret is returned here and never again."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        given = repr(unknown[0]) if unknown else "none"
        raise InputError(f"scopes: {given} was given, known are {', '.join(SCOPES)}", field="scopes")
    if expires_at is not None and expires_at.tzinfo is None:
        raise InputError("expires_at needs a time zone", field="expires_at", code="wrong_type")
    check_text("name", name)
    secret = PREFIX + secrets.token_urlsafe(24)
    row = {
        "key_id": secrets.token_hex(8),
        "sha256": hash_key(secret),
        "name": name,
        "scopes": _list([scope for scope in SCOPES if scope in scopes]),
        "origins": _list(sorted(set(origins))),
        "loopback_only": loopback_only,
        "created_at": now_micros(),
        "expires_at": None if expires_at is None else micros(expires_at),
    }
    connection.execute(KEYS.insert().values(row))
    key = get(connection, row["key_id"])
    write_audit(connection, actor, "key.create", key.key_id, after=_told(key))
    return key, secret


def get(connection: Connection, key_id: Any) -> KeyRow:
    """Raises: NotFoundError."""
    row = connection.execute(_BY_ID, {"key_id": key_id}).one_or_none()
    if row is None:
        raise NotFoundError("key", str(key_id))
    return _key(row)


def revoke(connection: Connection, key_id: str, *, actor: str) -> KeyRow:
    """End a key at once; one that has ended stays as it is."""
    key = get(connection, key_id)
    if key.revoked_at is not None:
        return key
    connection.execute(KEYS.update().where(KEYS.c.key_id == key_id).values(revoked_at=now_micros()))
    write_audit(connection, actor, "key.revoke", key_id, before=_told(key))
    return get(connection, key_id)


def rotate(connection: Connection, key_id: str, *, grace: timedelta, actor: str) -> tuple[KeyRow, str]:
    """Make a key that may do the same; the old one stays good for ``grace``, then ends."""
    old = get(connection, key_id)
    if old.revoked_at is not None:
        raise InputError(f"key {key_id} was revoked: create a new one", field="key_id")
    made = create(
        connection,
        old.scopes,
        old.name,
        origins=old.origins,
        expires_at=old.expires_at,
        loopback_only=old.loopback_only,
        actor=actor,
    )
    end = datetime.now(UTC) + grace
    if old.expires_at is None or end < old.expires_at:
        connection.execute(KEYS.update().where(KEYS.c.key_id == key_id).values(expires_at=micros(end)))
    write_audit(connection, actor, "key.rotate", key_id, before=_told(old), after=_told(made[0]))
    return made


def _told(key: KeyRow) -> str:
    return msgspec.json.encode(key).decode()


def _list(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()


def _key(row: Row[*tuple[Any, ...]]) -> KeyRow:
    return KeyRow(
        key_id=row.key_id,
        name=row.name,
        scopes=tuple(msgspec.json.decode(row.scopes, type=list[Scope])),
        origins=tuple(msgspec.json.decode(row.origins, type=list[str])),
        loopback_only=row.loopback_only,
        created_at=moment(row.created_at),
        expires_at=None if row.expires_at is None else moment(row.expires_at),
        revoked_at=None if row.revoked_at is None else moment(row.revoked_at),
    )

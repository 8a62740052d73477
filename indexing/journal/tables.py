"""The tables of the four files. Times are integers, microseconds since the epoch, UTC."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from indexing.journal.migrations import Schema

_KEY = String(256).with_variant(String(256, collation="C"), "postgresql")
"""Ids sort by code point in every database, as they do in a snapshot."""
_SEQUENCE = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only when the column is called INTEGER."""


def _numbered(name: str, metadata: MetaData, *columns: Column[Any]) -> Table:
    """A table whose rows are numbered in the order of commits; a number is never used twice, also
    when the last rows were deleted: exports go by it."""
    number: Column[int] = Column("sequence", _SEQUENCE, primary_key=True, autoincrement=True)
    return Table(name, metadata, number, *columns, sqlite_autoincrement=True)


def _cursor(metadata: MetaData) -> Table:
    """One row: what has been exported, and up to where an unfinished part was meant to go."""
    return Table(
        "export",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("done", BigInteger, nullable=False),
        Column("planned", BigInteger),
    )


def _counter(metadata: MetaData) -> Table:
    return Table(
        "counter",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("value", BigInteger, nullable=False),
    )


_events = MetaData()

IDENTITIES = Table(
    "identities",
    _events,
    Column("kind", String(8), primary_key=True),  # client or user
    Column("id", _KEY, primary_key=True),
    Column("shopper", String(32), nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""The only place where raw ids stand."""

JOINS = Table(
    "joins",
    _events,
    Column("old", String(32), primary_key=True),
    Column("shopper", String(32), nullable=False, index=True),
    Column("joined_at", BigInteger, nullable=False),
)
"""Shoppers that a login joined to another: erasing the one erases the other's past too."""

RECENT = Table(
    "recent",
    _events,
    Column("shopper", String(32), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

EVENTS = _numbered(
    "events",
    _events,
    Column("event_id", _KEY, nullable=False, unique=True),
    Column("received_at", BigInteger, nullable=False),
    Column("shopper", String(32), index=True),
    Column("origin", String(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
EVENTS_EXPORT = _cursor(_events)

_shown = MetaData()

SHOWN = _numbered(
    "shown",
    _shown,
    Column("served_at", BigInteger, nullable=False),
    Column("shopper", String(32), index=True),
    Column("body", LargeBinary, nullable=False),
)
SHOWN_EXPORT = _cursor(_shown)

_catalogue = MetaData()

ITEMS = Table(
    "items",
    _catalogue,
    Column("item_id", _KEY, primary_key=True),
    Column("seq", BigInteger, nullable=False, unique=True),
    Column("alive", Boolean, nullable=False),
    Column("version", BigInteger, nullable=False),  # -1: the source gave none
    Column("patched", LargeBinary),  # versions of single fields that are newer than ``version``
    Column("body", LargeBinary, nullable=False),
)
CATALOGUE_SEQ = _counter(_catalogue)

_control = MetaData()

POINTER = Table(
    "pointer",
    _control,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("snapshot", Text),
)
DOCUMENTS = Table(
    "documents",
    _control,
    Column("kind", String(16), primary_key=True),  # rule, profile or experiment
    Column("name", _KEY, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
KEYS = Table(
    "keys",
    _control,
    Column("key_id", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # JSON lists
    Column("origins", Text, nullable=False),
    Column("loopback_only", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
)
AUDIT = _numbered(
    "audit",
    _control,
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("detail", Text, nullable=False),
)
CONTROL_SEQ = _counter(_control)

EVENTS_SCHEMA = Schema("events.sqlite", _events, singles=(EVENTS_EXPORT,))
SHOWN_SCHEMA = Schema("shown.sqlite", _shown, singles=(SHOWN_EXPORT,))
CATALOGUE_SCHEMA = Schema("catalogue.sqlite", _catalogue, singles=(CATALOGUE_SEQ,))
CONTROL_SCHEMA = Schema("control.sqlite", _control, singles=(CONTROL_SEQ, POINTER))

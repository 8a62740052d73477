"""Schema versions: a file's tables, and the numbered steps that brought older files to them.

An own list instead of Alembic: four files, steps forward only, run by whoever opens a file first,
under its lock and in one transaction. A new file is made as it is today and marked with every step.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, func, inspect, select

from indexing.contracts.errors import JournalError

Step = Callable[[Connection], None]

_VERSIONS = Table(
    "schema_version",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("applied_at", BigInteger, nullable=False),  # seconds since the epoch
)


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables of one file, as they are at the last version.

    Attributes:
        steps: ``steps[i]`` brings a file of version ``i + 1`` to version ``i + 2``.
        singles: tables of one row, with ``id`` 1, zeros and nulls in a new file.
    """

    name: str
    metadata: MetaData
    steps: Sequence[Step] = ()
    singles: Sequence[Table] = ()

    @property
    def version(self) -> int:
        return len(self.steps) + 1


def version_of(connection: Connection) -> int:
    """The version of an open file, 0 when it is empty."""
    if not inspect(connection).has_table(_VERSIONS.name):
        return 0
    newest: int | None = connection.execute(select(func.max(_VERSIONS.c.number))).scalar_one()
    return newest or 0


def migrate(connection: Connection, schema: Schema) -> None:
    """Bring a file to the version that this daogou reads. In the caller's transaction.

    Raises:
        JournalError: the file was written by a newer daogou.
    """
    found = version_of(connection)
    refuse_newer(found, schema)
    if found == 0:
        schema.metadata.create_all(connection)
        _VERSIONS.create(connection, checkfirst=True)
        for table in schema.singles:
            zeros = {c.name: 0 for c in table.columns if not c.nullable and not c.primary_key}
            connection.execute(table.insert().values(id=1, **zeros))
    for step in schema.steps[max(found - 1, 0) :] if found else ():
        step(connection)
    now = int(time.time())
    rows = [{"number": number, "applied_at": now} for number in range(found + 1, schema.version + 1)]
    if rows:
        connection.execute(_VERSIONS.insert(), rows)


def refuse_newer(found: int, schema: Schema) -> None:
    """Raises: JournalError, in words, when ``found`` is a version that we do not know."""
    if found > schema.version:
        raise JournalError(
            f"journal file {schema.name} has schema version {found}, and this daogou reads up to "
            f"{schema.version}: install the daogou that wrote it, or a newer one"
        )

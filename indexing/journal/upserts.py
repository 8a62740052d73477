"""Changes of the catalogue, many in one transaction: states read, changed in memory, written back."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, bindparam, select

from indexing.journal import states
from indexing.journal.database import chunks
from indexing.journal.states import State
from indexing.journal.tables import CATALOGUE_SEQ, ITEMS

Status = Literal["created", "updated", "unchanged", "stale", "deleted", "missing"]


class Outcome(msgspec.Struct, frozen=True):
    """What a change did.

    Attributes:
        status: ``stale``: something newer is known already. ``missing``: there is no such item.
        seq: number of the item's last change, 0 for one that was never there.
    """

    item_id: str
    status: Status
    seq: int


STATES = select(ITEMS.c.item_id, ITEMS.c.seq, ITEMS.c.alive, ITEMS.c.version, ITEMS.c.body, ITEMS.c.patched)
_SOME = STATES.where(ITEMS.c.item_id.in_(bindparam("item_ids", expanding=True)))
SEQ = select(CATALOGUE_SEQ.c.value)
_SET_SEQ = CATALOGUE_SEQ.update().values(value=bindparam("seq"))
_UPDATE = (
    ITEMS.update()
    .where(ITEMS.c.item_id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in ("seq", "alive", "version", "body", "patched")})
)
_decode_patched = msgspec.json.Decoder(dict[str, int]).decode


_NEVER = State(), 0
"""What is held of an item that was never there."""


class Group:
    """Changes of one transaction, in memory until they are saved."""

    def __init__(self, connection: Connection, item_ids: set[str]) -> None:
        self._held: dict[str, tuple[State, int]] = {}
        for chunk in chunks(sorted(item_ids)):
            rows = connection.execute(_SOME, {"item_ids": chunk})
            self._held.update((row.item_id, (state_of(row), row.seq)) for row in rows)
        self._known = frozenset(self._held)
        self._changed: dict[str, None] = {}
        self._begin = self._seq = connection.execute(SEQ).scalar_one()

    def apply(self, change: states.Change) -> Outcome:
        before, seq = self._held.get(change.item_id, _NEVER)
        after = states.apply(before, change)
        status = _status(before, after, change)
        if after is not before and after != before:
            if seq == 0 or (before.alive, before.body) != (after.alive, after.body):
                self._seq = seq = self._seq + 1
            self._held[change.item_id] = (after, seq)
            self._changed[change.item_id] = None
        return Outcome(change.item_id, status, seq)

    def save(self, connection: Connection) -> None:
        new = [self._row(i) for i in self._changed if i not in self._known]
        old = [self._row(i) for i in self._changed if i in self._known]
        if new:
            _insert(connection, new)
        if old:
            connection.execute(_UPDATE, [_renamed(row) for row in old])
        if self._seq != self._begin:
            connection.execute(_SET_SEQ, {"seq": self._seq})

    def _row(self, item_id: str) -> dict[str, Any]:
        state, seq = self._held[item_id]
        return {
            "item_id": item_id,
            "seq": seq,
            "alive": state.alive,
            "version": state.version,
            "body": state.body,
            "patched": msgspec.json.encode(state.patched) if state.patched else None,
        }


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Without a look at the type of each value, which takes as long as the database does: none needs to be
    made into another."""
    statement = ITEMS.insert().compile(dialect=connection.dialect)
    order = statement.positiontup
    given = rows if order is None else [tuple([row[name] for name in order]) for row in rows]
    connection.exec_driver_sql(str(statement), given)


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    return {"key" if name == "item_id" else f"new_{name}": value for name, value in row.items()}


def _status(before: State, after: State, change: states.Change) -> Status:
    if before.alive and not after.alive:
        return "deleted"
    if not after.alive:
        return "stale" if isinstance(change, states.Put) else "missing"
    if not before.alive:
        return "created"
    if after is before:
        return "stale"
    return "unchanged" if after.body == before.body else "updated"


def state_of(row: Row[*tuple[Any, ...]]) -> State:
    """Of a row of ``STATES``."""
    _, _, alive, version, body, patched = row  # by name each costs .3 µs
    return State(alive, version, body, _decode_patched(patched) if patched else {})

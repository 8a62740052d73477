"""The catalogue's changes: each row read alone, what is taken is on the disk before the answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from api.types import BulkAnswer, ItemAnswer, RejectedItem
from indexing.contracts.errors import InputError, NotFoundError
from indexing.contracts.faults import printable, shown
from indexing.contracts.items import Item
from indexing.contracts.reading import read_item, read_patch
from indexing.contracts.shop import Shop
from indexing.journal import Outcome, states
from indexing.journal.states import Change

MOST_ROWS = 10_000
PARTS = ("items", "patch", "delete")
_LONGEST_ID = 128


class CatalogueStore(Protocol):
    """The part of ``journal.catalogue`` that is needed here."""

    def submit(self, changes: Sequence[Change]) -> Future[list[Outcome]]: ...

    def get(self, item_id: str) -> Item | None: ...


class Stock:
    """What the shop sells, as its sources say."""

    def __init__(self, store: CatalogueStore) -> None:
        self._store = store

    def get(self, item_id: str) -> Item:
        """The product as it is now.

        Raises:
            NotFoundError: there is none.
        """
        item = self._store.get(item_id) if is_id(item_id) else None
        if item is None:
            raise NotFoundError("item", printable(item_id))
        return item

    async def put(self, item_id: str, raw: object, shop: Shop) -> ItemAnswer:
        """Store a product, whole; the id of the path may be left out of the body.

        Raises:
            InputError: a field that cannot be, or another id than the path's.
        """
        return await self._one(put_change(_with_id(raw, item_id), shop))

    async def patch(self, item_id: str, raw: object, shop: Shop) -> ItemAnswer:
        """Change some fields.

        Raises:
            InputError: a field that cannot be.
            NotFoundError: there is no such product.
        """
        return await self._one(patch_change(_with_id(raw, item_id), shop))

    async def delete(self, item_id: str, version: int | None) -> ItemAnswer:
        """Take a product away.

        Raises:
            NotFoundError: there is no such product.
        """
        return await self._one(states.Delete(_checked_id(item_id), version))

    async def bulk(self, payload: object, shop: Shop) -> BulkAnswer:
        """Many changes; bad rows are reported, the good ones taken, in the order of :data:`PARTS`.

        Raises:
            InputError: what is no batch at all.
        """
        parts = _parts(payload)
        rows, rejected = await asyncio.to_thread(_read, parts, shop)
        changes = [row.change for row in rows]
        outcomes = await asyncio.wrap_future(self._store.submit(changes)) if changes else []
        counts = Counter(outcome.status for outcome in outcomes)
        rejected += [
            _unknown(row, outcome)
            for row, outcome in zip(rows, outcomes, strict=True)
            if outcome.status == "missing" and row.part == "patch"  # to delete it twice is no fault
        ]
        rejected.sort(key=lambda row: (PARTS.index(row.part), row.index))
        return BulkAnswer(dict(sorted(counts.items())), rejected)

    async def _one(self, change: Change) -> ItemAnswer:
        outcome = (await asyncio.wrap_future(self._store.submit([change])))[0]
        if outcome.status == "missing":
            raise NotFoundError("item", printable(outcome.item_id))
        return ItemAnswer(outcome.item_id, outcome.status, outcome.seq)


def put_change(raw: object, shop: Shop) -> Change:
    """A whole product as a change. Raises: InputError."""
    return states.put(read_item(raw, shop))


def patch_change(raw: object, shop: Shop) -> Change:
    """Some fields and ``item_id`` as a change. Raises: InputError."""
    if not isinstance(raw, Mapping):
        raise InputError(f"the row is {shown(raw)}; expected an object", code="wrong_type")
    fields = {name: value for name, value in raw.items() if name != "item_id"}
    return states.patch(_checked_id(raw.get("item_id")), read_patch(fields, shop).changes())


def delete_change(raw: object, _shop: Shop) -> Change:
    """An id, or an object with ``item_id`` and ``version``, as a change. Raises: InputError."""
    if not isinstance(raw, Mapping):
        return states.Delete(_checked_id(raw))
    if unknown := sorted(str(name) for name in raw if name not in ("item_id", "version")):
        name = printable(unknown[0])
        raise InputError(
            f"{name} is not known; expected item_id or version", field=name, code="unknown_field"
        )
    version = raw.get("version")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool) or version < 0):
        raise InputError(
            f"version is {shown(version)}; expected int >= 0", field="version", code="wrong_type"
        )
    return states.Delete(_checked_id(raw.get("item_id")), version)


_READERS: dict[str, Callable[[object, Shop], Change]] = {
    "items": put_change,
    "patch": patch_change,
    "delete": delete_change,
}


def _parts(payload: object) -> dict[str, list[Any]]:
    if isinstance(payload, list):
        payload = {"items": payload}
    if not isinstance(payload, dict):
        raise InputError(f"the body is {shown(payload)}; expected a list or an object", code="wrong_type")
    for name, rows in payload.items():
        field = printable(name)
        if name not in PARTS:
            detail = f"{field} is not known; expected one of {', '.join(PARTS)}"
            raise InputError(detail, field=field, code="unknown_field")
        if not isinstance(rows, list):
            raise InputError(f"{field} is {shown(rows)}; expected a list", field=field, code="wrong_type")
    total = sum(map(len, payload.values()))
    if total > MOST_ROWS:
        raise InputError(f"the batch has {total} rows; expected at most {MOST_ROWS}", code="too_long")
    return payload


@dataclass(frozen=True, slots=True)
class _Row:
    part: str
    index: int
    change: Change


def _read(parts: Mapping[str, list[Any]], shop: Shop) -> tuple[list[_Row], list[RejectedItem]]:
    rows: list[_Row] = []
    rejected: list[RejectedItem] = []
    for part in PARTS:
        for index, raw in enumerate(parts.get(part, ())):
            try:
                rows.append(_Row(part, index, _READERS[part](raw, shop)))
            except InputError as error:
                rejected.append(_rejected(part, index, raw, error))
    return rows, rejected


def _unknown(row: _Row, outcome: Outcome) -> RejectedItem:
    error = NotFoundError("item", outcome.item_id)
    return RejectedItem(row.part, row.index, outcome.item_id, "item_id", "unknown_item", str(error))


def _rejected(part: str, index: int, raw: object, error: InputError) -> RejectedItem:
    given = raw.get("item_id") if isinstance(raw, Mapping) else raw
    named = printable(given) if isinstance(given, str) else None
    return RejectedItem(part, index, named, error.field, error.code, error.detail)


def _with_id(raw: object, item_id: str) -> object:
    if not isinstance(raw, dict):
        return raw
    if raw.get("item_id", item_id) != item_id:
        detail = f"item_id is {shown(raw['item_id'])}; expected {shown(item_id)}, as in the address"
        raise InputError(detail, field="item_id", code="conflict")
    return {**raw, "item_id": item_id}


def is_id(value: object) -> bool:
    """Whether a value can be the id of a product."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_ID or "\0" in value:
        return False
    return value.isascii() or value.encode("utf-8", "replace").decode() == value


def _checked_id(value: object) -> str:
    if value is None:
        raise InputError("item_id is missing; expected text", field="item_id", code="missing")
    if not isinstance(value, str):
        raise InputError(f"item_id is {shown(value)}; expected text", field="item_id", code="wrong_type")
    if not is_id(value):
        detail = f"item_id is {shown(value)}; expected 1 to {_LONGEST_ID} characters of Unicode text"
        raise InputError(
            detail, field="item_id", code="not_unicode" if len(value) <= _LONGEST_ID else "too_long"
        )
    return value

"""The state of one item, and what a change makes of it, in whatever order changes arrive.

Where the source numbers its states (``version``), the greater number wins; otherwise the later arrival.
A patch numbers only the fields that it names. So every field has a version of its own: that of the last
whole state, or a newer one of a patch. Changes with versions of their own therefore lead to the same
item in every order (last writer wins, by field).

An item that is not there keeps what is needed for that: a tombstone with the version of its deletion,
and fields of patches that came before their item.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from indexing.contracts.errors import InputError
from indexing.contracts.items import Item
from indexing.journal.checks import check_id, encoded

UNVERSIONED = -1
MOST_VERSION = 2**62  # as in the contract


class State(msgspec.Struct, frozen=True):
    """What is kept of an item id.

    Attributes:
        alive: whether the item is in the catalogue.
        version: of the last whole state, put or deleted; -1: the source gave none.
        body: JSON of the fields, without ``version``; when not alive, of patched fields only.
        patched: versions of fields that are newer than ``version``.
    """

    alive: bool = False
    version: int = UNVERSIONED
    body: bytes = b"{}"
    patched: Mapping[str, int] = {}

    @property
    def latest(self) -> int:
        return max(self.version, *self.patched.values()) if self.patched else self.version

    def item(self) -> Item:
        """The item of a live state; its version is the highest that went into it."""
        item = decode(self.body)
        return item if self.latest == UNVERSIONED else msgspec.structs.replace(item, version=self.latest)

    def stored(self) -> bytes:
        """The JSON of :meth:`item`."""
        return self.body if self.latest == UNVERSIONED else _encode(self.item())


decode = msgspec.json.Decoder(Item).decode
_encode = msgspec.json.Encoder(order="deterministic").encode
_fields = msgspec.json.Decoder(dict[str, Any]).decode
_PATH = re.compile(r"`\$\.?(.*?)`")


class Put(msgspec.Struct, frozen=True):
    """The whole item, as the source has it now."""

    item_id: str
    version: int | None
    body: bytes


class Patch(msgspec.Struct, frozen=True):
    """Some fields; None: back to not known."""

    item_id: str
    version: int | None
    fields: Mapping[str, Any]


class Delete(msgspec.Struct, frozen=True):
    """The item is gone."""

    item_id: str
    version: int | None = None


Change = Put | Patch | Delete


def put(item: Item) -> Put:
    """The change that makes an item what it is.

    Raises:
        InputError: a value that the contract does not allow, a text that is no Unicode text.
    """
    check_id("item_id", item.item_id)
    _check_version(item.version)
    bare = item if item.version is None else msgspec.structs.replace(item, version=None)
    return Put(item.item_id, item.version, encoded(bare, _encode, decode))


def delete(item_id: str, version: int | None = None) -> Delete:
    """The change that takes an item away. Raises: InputError."""
    check_id("item_id", item_id)
    _check_version(version)
    return Delete(item_id, version)


def _check_version(version: int | None) -> None:
    if version is not None and not 0 <= version <= MOST_VERSION:
        raise InputError(f"version {version} is not between 0 and 2^62", field="version", code="wrong_type")


def patch(item_id: str, changes: Mapping[str, Any]) -> Patch:
    """The change of some fields, checked. Lists and ``attributes`` are replaced whole.

    Raises:
        InputError: an unknown field, a wrong type, another ``item_id``.
    """
    check_id("item_id", item_id)
    if changes.get("item_id", item_id) != item_id:
        raise InputError("item_id cannot be changed: delete and put", field="item_id")
    try:
        given = msgspec.convert({"title": "-", **changes, "item_id": item_id}, Item)
        fields = msgspec.to_builtins(msgspec.structs.replace(given, version=None))
        _encode(fields)
    except msgspec.ValidationError as error:
        raise _input_error(str(error), changes) from error
    except (UnicodeEncodeError, OverflowError, TypeError, ValueError) as error:
        raise InputError(f"the change cannot be stored: {error}", code="wrong_type") from error
    named = {name: fields.get(name) for name in changes if name not in {"item_id", "version"}}
    return Patch(item_id, given.version, named)


def _input_error(message: str, changes: Mapping[str, Any]) -> InputError:
    unknown = sorted(set(changes) - set(Item.__struct_fields__))
    if unknown:
        return InputError(
            f"unknown field {unknown[0]!r}; an item has {', '.join(Item.__struct_fields__)}",
            field=unknown[0],
            code="unknown_field",
        )
    path = _PATH.search(message)
    return InputError(message, field=path.group(1) if path else None, code="wrong_type")


def apply(state: State, change: Change) -> State:
    """The state afterwards; ``state`` itself when the change is older than all that it touches."""
    if isinstance(change, Patch):
        return _patched(state, change)
    version = state.latest if change.version is None else change.version
    if version < state.version:
        return state
    newer = {name: v for name, v in state.patched.items() if v > version} if state.patched else {}
    body = change.body if isinstance(change, Put) else b"{}"
    if newer:
        body = _with(body, {name: _fields(state.body).get(name) for name in newer})
    return State(isinstance(change, Put), version, body, newer)


def _patched(state: State, change: Patch) -> State:
    if change.version is None and not state.alive:
        return state
    versions = dict(state.patched)
    taken = {}
    for name, value in change.fields.items():
        held = versions.get(name, state.version)
        version = held if change.version is None else change.version
        if version >= held:
            taken[name] = value
            versions[name] = version
    if not taken:
        return state
    patched = {name: version for name, version in versions.items() if version > state.version}
    return msgspec.structs.replace(state, body=_with(state.body, taken), patched=patched)


def _with(body: bytes, values: Mapping[str, Any]) -> bytes:
    """``body`` with fields set, or taken out where the value is None."""
    fields = _fields(body) | dict(values)
    kept = {name: value for name, value in fields.items() if value is not None}
    if "item_id" in kept and "title" in kept:  # alive: written as a put writes it, so that equal is equal
        return _encode(msgspec.convert(kept, Item))
    return _encode(kept)

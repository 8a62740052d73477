"""An item as JSON that can be read back, whatever it holds.

The edge refuses what cannot be stored (``reading.read_item``), but a build must not die of one item among
a million that came by another way: lone surrogates become U+FFFD, numbers that are not finite are missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from indexing.contracts.errors import InputError
from indexing.contracts.items import Item

_encode = msgspec.json.Encoder().encode
decode_item = msgspec.json.Decoder(Item).decode


def encode_item(item: Item) -> tuple[Item, bytes]:
    """The item as it will be read, and its JSON. Decoding it here costs 2 µs and cannot fail later.

    Raises:
        InputError: it is no item even without the broken characters and numbers.
    """
    try:
        body = _encode(item)
        return decode_item(body), body
    except (UnicodeEncodeError, msgspec.ValidationError):
        cleaned = _clean(item)
    try:
        body = _encode(cleaned)
        return decode_item(body), body
    except msgspec.ValidationError as error:
        raise InputError(
            f"item {cleaned.item_id!r} cannot be stored: {error}", code="wrong_type"
        ) from error


def bodies_of(items: Iterable[Item]) -> Iterator[bytes]:
    """The JSON of each. Raises: InputError."""
    for item in items:
        yield encode_item(item)[1]


def _clean(item: Item) -> Item:
    return Item(**{name: _value(getattr(item, name)) for name in item.__struct_fields__})


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_value(part) for part in value]
    if isinstance(value, dict):
        kept = {_value(name): _value(part) for name, part in value.items()}
        return {name: part for name, part in kept.items() if part is not None}
    return value

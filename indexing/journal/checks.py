"""What the journal refuses to store, since it could not give it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from indexing.contracts.errors import InputError

MOST_OF_ID = 128
"""Characters, as in the contracts."""

Document = TypeVar("Document", bound=msgspec.Struct)


def check_id(field: str, value: str | None) -> None:
    """Raises: InputError, when ``value`` is empty, too long, or no text that every database keeps."""
    if value is None:
        return
    if not 1 <= len(value) <= MOST_OF_ID:
        code = "too_long" if value else "missing"
        raise InputError(
            f"{field} has {len(value)} characters, not 1 to {MOST_OF_ID}", field=field, code=code
        )
    check_text(field, value)


def check_text(field: str, value: str) -> None:
    """Raises: InputError, when ``value`` holds NUL (PostgreSQL keeps none) or a lone surrogate."""
    if value.isascii() and "\0" not in value:
        return
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise InputError(f"{field} must be Unicode text without NUL", field=field, code="wrong_type")


def encoded(
    document: Document, encode: Callable[[Document], bytes], decode: Callable[[bytes], Document]
) -> bytes:
    """``document`` as bytes that can be read again: objects made in code are checked like those read from
    outside, for one row that cannot be read would stop every reader behind it.

    Raises:
        InputError: a value that its type does not allow, a text that is none, a number of more than 64
            bits.
    """
    try:
        body = encode(document)
        decode(body)
    except (msgspec.ValidationError, UnicodeEncodeError, OverflowError, TypeError, ValueError) as error:
        name = type(document).__name__.lower()
        raise InputError(
            f"{name} cannot be stored: {error}", field=_path(str(error)), code="wrong_type"
        ) from error
    return body


def _path(message: str) -> str | None:
    """The field that a message of msgspec names, such as ``items[0].quantity``."""
    _, found, rest = message.partition("`$")
    return rest.partition("`")[0].removeprefix(".") or None if found else None

"""What types cannot say about an item or event: Unicode, open attributes, times."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from indexing.contracts.errors import InputError
from indexing.contracts.faults import printable, shown
from indexing.contracts.shop import AttributeType, Shop

NAME_LENGTH = 100
TEXT_LENGTH = 2000
LIST_LENGTH = 100
_WORDS = {"text": "text or a list of texts", "number": "a number", "flag": "true or false"}
_encode = msgspec.json.Encoder().encode


def check_texts(struct: msgspec.Struct) -> None:
    """No lone surrogate and no NUL in any text: neither fits a database, a file or an engine.

    Raises:
        InputError: ``not_unicode``.
    """
    try:
        # encoding to JSON is the quickest walk over all texts (1 µs); a NUL comes out as an escape
        suspicious = rb"\u0000" in _encode(struct)
    except UnicodeEncodeError:
        suspicious = True
    except OverflowError:  # an integer of more than 64 bits; check_attributes says which
        suspicious = any("\0" in text for _, text in _texts("", msgspec.to_builtins(struct)))
    if not suspicious:
        return
    for path, text in _texts("", msgspec.structs.asdict(struct)):
        if not is_unicode(text):
            raise InputError(
                f"{path} is {shown(text)}; expected Unicode text without NUL or lone surrogates",
                field=path,
                code="not_unicode",
            )


def is_unicode(text: str) -> bool:
    """Without NUL and encodable."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _texts(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Every text in a value with its path, names of attributes included."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        yield from _texts(path, msgspec.structs.asdict(value))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            below = f"{path}.{printable(name)}" if path else printable(name)
            yield below, name
            yield from _texts(below, inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(f"{path}[{place}]", inner)


def check_attributes(values: Mapping[str, object]) -> None:
    """Open attributes: bounded names, texts and lists, finite numbers.

    Raises:
        InputError: ``too_long``, ``too_short`` or ``out_of_range``, with the attribute as its field.
    """
    for name, value in values.items():
        if not 0 < len(name) <= NAME_LENGTH:
            code = "too_long" if name else "too_short"
            raise _fault(name, f"is the name of an attribute; expected 1 to {NAME_LENGTH} characters", code)
        if isinstance(value, str):
            if len(value) > TEXT_LENGTH:
                raise _fault(
                    name, f"has {len(value)} characters; expected at most {TEXT_LENGTH}", "too_long"
                )
        elif isinstance(value, list):
            if len(value) > LIST_LENGTH or any(len(part) > TEXT_LENGTH for part in value):
                limits = f"{LIST_LENGTH} texts of at most {TEXT_LENGTH} characters"
                raise _fault(name, f"is too long; expected at most {limits}", "too_long")
        elif isinstance(value, float):
            if not math.isfinite(value):
                raise _fault(name, f"is {value}; expected a finite number", "out_of_range")
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise _fault(name, "is an integer of more than 64 bits", "out_of_range")


def check_declared(values: Mapping[str, object], shop: Shop) -> None:
    """Attributes that the shop declares have the declared type; the others are free.

    Raises:
        InputError: ``wrong_type``.
    """
    for attribute in shop.attributes:
        value = values.get(attribute.name)
        if value is not None and not fits(value, attribute.type):
            raise _fault(
                attribute.name,
                f"is {shown(value)}; expected {_WORDS[attribute.type]}, as the shop declares it",
                "wrong_type",
            )


def fits(value: object, kind: AttributeType) -> bool:
    """Whether an attribute's value has its declared type."""
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str | list)


def wrong_attribute(values: object) -> tuple[str, object] | None:
    """The first attribute whose value has no type that an attribute may have, for a message."""
    if not isinstance(values, Mapping):
        return None
    for name, value in values.items():
        good = isinstance(value, str | int | float)
        if not good and not (isinstance(value, list) and all(isinstance(part, str) for part in value)):
            return str(name), value
    return None


def to_utc(moment: datetime, field: str) -> datetime:
    """The same moment in UTC.

    Raises:
        InputError: ``bad_time`` outside the years 1970 to 2199 (clocks of nanoseconds end in 2262).
    """
    try:
        utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        utc = datetime.min.replace(tzinfo=UTC)
    if not 1970 <= utc.year < 2200:
        raise InputError(
            f"{field} is {moment.isoformat()}; expected a time between 1970 and 2199",
            field=field,
            code="bad_time",
        )
    return utc


def _fault(name: str, what: str, code: str) -> InputError:
    field = f"attributes.{printable(name)}"
    return InputError(f"{field} {what}", field=field, code=code)

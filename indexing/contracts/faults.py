"""What msgspec says about a bad input, as an :class:`InputError` with field, code, given and expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec

from indexing.contracts.errors import InputError

Expected = Callable[[re.Match[str]], str]

# msgspec has no codes, only messages: this is every message that its source can produce for our types
_FAULTS: tuple[tuple[re.Pattern[str], str, Expected], ...] = (
    (re.compile(r"Object missing required field `(.*)`"), "missing", lambda _: "a value"),
    (re.compile(r"Object contains unknown field `(.*)`", re.S), "unknown_field", lambda _: "a known field"),
    (re.compile(r"Expected `(.+)`, got `(.+)`"), "wrong_type", lambda m: f"{m[1]}, not {m[2]}"),
    (re.compile(r"Expected `.+` of length (<=|<) (\d+)"), "too_long", lambda m: f"length {m[1]} {m[2]}"),
    (re.compile(r"Expected `.+` of length (>=|>) (\d+)"), "too_short", lambda m: f"length {m[1]} {m[2]}"),
    (
        re.compile(r"Expected `(int|float)` ([<>]=?) (\S+)"),
        "out_of_range",
        lambda m: f"{m[1]} {m[2]} {m[3]}",
    ),
    (re.compile(r"(Number|Integer value) out of range"), "out_of_range", lambda _: "a number within range"),
    (re.compile(r"Expected `datetime` with a timezone"), "bad_time", lambda _: "a time with its zone"),
    (re.compile(r"Invalid RFC3339"), "bad_time", lambda _: "RFC 3339 such as 2026-01-31T08:00:00Z"),
    (re.compile(r"Invalid enum value (.*)", re.S), "unknown_value", lambda _: "one of the known names"),
    (re.compile(r"Expected `str`$"), "wrong_type", lambda _: "text as the name of a field"),
    (re.compile(r"Expected `str` matching regex (.+)"), "wrong_format", lambda m: f"text matching {m[1]}"),
)
_PATH = re.compile(r"\A(.*?)(?: - at (?:`key` in )?`\$\.?(.*)`)?\Z", re.S)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def input_error(
    error: msgspec.ValidationError,
    raw: object = None,
    *,
    known: Mapping[str, tuple[str, ...]] | None = None,
) -> InputError:
    """Translate.

    Args:
        error: what msgspec raised.
        raw: the input, to say what was given.
        known: known names by code (``unknown_field``, ``unknown_value``), to say what was expected.
    """
    split = _PATH.match(str(error))
    assert split is not None
    message, path = split[1], split[2] or ""
    for pattern, code, expected in _FAULTS:
        if match := pattern.match(message):
            named = match[1] if code in ("missing", "unknown_field") else ""
            field = printable(".".join(part for part in (path, named) if part))
            names = () if "." in field and code == "unknown_field" else (known or {}).get(code, ())
            wanted = f"one of {', '.join(names)}" if names else expected(match)
            return InputError(_detail(field, code, raw, wanted), field=field or None, code=code)
    return InputError(printable(message), field=printable(path) or None, code="invalid")


def _detail(field: str, code: str, raw: object, wanted: str) -> str:
    name = field or "the input"
    if code == "missing":
        return f"{name} is missing; expected {wanted}"
    if code == "unknown_field":
        return f"{name} is not known; expected {wanted}"
    given = _given(raw, field)
    return f"{name} is {given}; expected {wanted}" if given else f"{name}: expected {wanted}"


def _given(raw: object, field: str) -> str:
    """The value at a path, short, or nothing where it cannot be found."""
    value = raw
    for name, place in _STEP.findall(field):
        try:
            value = value[int(place)] if place else value[name]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return ""
    return shown(value) if field else ""


def shown(value: object) -> str:
    """A value for a message: at most 60 characters, safe to encode.

    >>> shown("a" * 100) == repr("a" * 57) + "…"
    True
    """
    if isinstance(value, str):
        return repr(value) if len(value) <= 60 else f"{value[:57]!r}…"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**20 else "a number of more than 20 digits"
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list | tuple) else f"a {type(value).__name__}"


def printable(text: str) -> str:
    """At most 200 characters, lone surrogates and NUL escaped, so that it can stand in an answer."""
    return text[:200].encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")

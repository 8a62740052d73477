"""What could stand at a place of a filter, in words for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from lark import Token

from indexing.contracts.columns import FieldKind
from indexing.contracts.errors import FilterError

OPERATORS: dict[FieldKind, tuple[str, ...]] = {
    "text": ("!=", "="),
    "texts": ("!=", "="),
    "flag": ("!=", "="),
    "number": ("!=", "<", "<=", "=", ">", ">="),
    "time": ("!=", "<", "<=", "=", ">", ">="),
}
VALUES: dict[FieldKind, tuple[str, ...]] = {
    "text": ('"text"',),
    "texts": ('"text"',),
    "number": ("a number",),
    "flag": ("false", "true"),
    "time": ('"2024-05-01"', '"2024-05-01T08:00:00Z"'),
}
_NAMES = {
    "_AND": "AND",
    "_OR": "OR",
    "_NOT": "NOT",
    "_IN": "IN",
    "_EXISTS": "EXISTS",
    "_LPAR": "(",
    "_RPAR": ")",
    "_COMMA": ",",
    "$END": "the end",
}
_VALUE = frozenset({"TEXT", "NUMBER", "TRUE", "FALSE"})
_AFTER_FIELD = frozenset({"OPERATOR", "_IN"})
_QUOTES = "\"'“‘"


def canonical(name: str, kinds: Mapping[str, FieldKind]) -> str | None:
    """The field that a name means: itself, or the attribute of that name; None when there is none."""
    return next((known for known in (name, f"attributes.{name}") if known in kinds), None)


def syntax_error(
    text: str, position: int, read: list[Token], accepted: AbstractSet[str], kinds: Mapping[str, FieldKind]
) -> FilterError:
    """The error for a text that no grammar rule takes.

    Args:
        text: the whole filter.
        position: of what cannot stand there; its length when it ends too early.
        read: the tokens before.
        accepted: the terminals that could follow them.
        kinds: the fields that may be named.
    """
    if position >= len(text):
        found = "the filter ends too early" if text.strip() else "the filter is empty"
    elif text[position] in _QUOTES and "TEXT" in accepted:
        found = f"the text that begins at character {position} has no closing quote"
    elif "TEXT" in accepted and (text[position].isalpha() or text[position] == "_"):
        found = f"{_excerpt(text, position)} at character {position}: text stands in quotes"
    else:
        found = f"{_excerpt(text, position)} cannot stand at character {position}"
    expected = set(_possible(read, accepted, kinds))
    listed = sorted(expected - set(kinds)) + (["a field"] if "NAME" in accepted else [])
    detail = f"{found}; expected {', '.join(listed)}"
    return FilterError(detail, position=position, expected=tuple(sorted(expected)))


def _possible(
    read: list[Token], accepted: AbstractSet[str], kinds: Mapping[str, FieldKind]
) -> Iterable[str]:
    """The terminals by name; after a field only what is right for its kind."""
    names = [token for token in read if token.type == "NAME"]
    field = canonical(names[-1], kinds) if names else None
    if accepted & _AFTER_FIELD and field and kinds[field] != "flag":
        accepted = accepted & _AFTER_FIELD
    for terminal in accepted:
        if terminal == "NAME":
            yield from kinds
        elif terminal == "OPERATOR":
            yield from OPERATORS[kinds[field] if field else "number"]
        elif terminal in _VALUE:
            yield from VALUES[kinds[field]] if field else (one for of in VALUES.values() for one in of)
        else:
            yield _NAMES[terminal]


def _excerpt(text: str, position: int) -> str:
    return repr(text[position : position + 12].split(maxsplit=1)[0])

"""What lark read to the filter tree: fields are known, values have the field's type, text is folded."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import cast

from lark import Token, Tree
from lark.visitors import Interpreter

from indexing.contracts.columns import EXACT_FIELDS, FieldKind
from indexing.contracts.errors import FilterError
from indexing.contracts.filter_faults import OPERATORS, VALUES, canonical
from indexing.contracts.filters import And, Compare, Exists, Filter, In, Not, Operator, Or, Scalar

MAX_VALUES = 1_000
"""Of one IN."""

_HALF_WIDTH = str.maketrans("！＝＜＞", "!=<>")
_SIGNS = {"≠": "!=", "≤": "<=", "≥": ">="}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d\d:\d\d))?", re.ASCII
)


class FilterReader(Interpreter[Token, Filter]):
    """One reading of one tree; a method for each rule of the grammar.

    Args:
        kinds: the fields that may be named.
        fold: how text values compare.
    """

    def __init__(self, kinds: Mapping[str, FieldKind], fold: Callable[[str], str]) -> None:
        super().__init__()
        self._kinds = kinds
        self._fold = fold

    def start(self, tree: Tree[Token]) -> Filter:
        return self.visit(cast("Tree[Token]", tree.children[0]))

    def or_expression(self, tree: Tree[Token]) -> Filter:
        parts = tuple(self.visit_children(tree))
        return Or(parts) if len(parts) > 1 else parts[0]

    def and_expression(self, tree: Tree[Token]) -> Filter:
        parts = tuple(self.visit_children(tree))
        return And(parts) if len(parts) > 1 else parts[0]

    def negation(self, tree: Tree[Token]) -> Filter:
        return Not(self.visit_children(tree)[0])

    def exists(self, tree: Tree[Token]) -> Filter:
        return Exists(self._field(_token(tree, 0)))

    def flag(self, tree: Tree[Token]) -> Filter:
        token = _token(tree, 0)
        field = self._field(token)
        kind = self._kinds[field]
        if kind != "flag":
            raise _wrong(f"{field} is a {kind}: compare it with something", token.end_pos, OPERATORS[kind])
        return Compare(field, "=", True)

    def compare(self, tree: Tree[Token]) -> Filter:
        field = self._field(_token(tree, 0))
        token = _token(tree, 1)
        operator = _SIGNS.get(token, token.translate(_HALF_WIDTH))
        kind = self._kinds[field]
        if operator not in OPERATORS[kind]:
            raise _wrong(f"{field} is a {kind} and has no {operator}", token.start_pos, OPERATORS[kind])
        return Compare(field, cast("Operator", operator), self._value(field, tree.children[2]))

    def within(self, tree: Tree[Token]) -> Filter:
        field = self._field(_token(tree, 0))
        values = tree.children[1:]
        if len(values) > MAX_VALUES:
            raise FilterError(
                f"IN has {len(values)} values; at most {MAX_VALUES} are allowed",
                position=_place(values[MAX_VALUES]),
                code="too_many",
            )
        return In(field, tuple(self._value(field, value) for value in values))

    def _field(self, token: Token) -> str:
        field = canonical(token, self._kinds)
        if field is not None:
            return field
        near = self._near(token)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise FilterError(
            f"no field {str(token)[:80]!r} at character {token.start_pos}{hint}",
            position=token.start_pos or 0,
            expected=tuple(sorted(near or self._kinds)),
            code="unknown_field",
        )

    def _near(self, name: str) -> list[str]:
        known = {kind.removeprefix("attributes."): kind for kind in self._kinds} | dict(
            zip(self._kinds, self._kinds, strict=True)
        )
        close = get_close_matches(name[:80].lower(), known, n=3)
        return list(dict.fromkeys(known[match] for match in close))

    def _value(self, field: str, node: Tree[Token] | Token) -> Scalar:
        assert isinstance(node, Tree)
        kind = self._kinds[field]
        given: Scalar | None = None
        if node.data == "text" and kind in {"text", "texts"}:
            text = _unquoted(_token(node, 0))
            given = text if field in EXACT_FIELDS else self._fold(text)
        elif node.data == "text" and kind == "time":
            given = seconds_of(_unquoted(_token(node, 0)))
        elif node.data == "number" and kind == "number":
            number = float(_token(node, 0))
            given = number if math.isfinite(number) else None
        elif node.data in {"true", "false"} and kind == "flag":
            given = node.data == "true"
        if given is None:
            raise _wrong(
                f"{field} is a {kind}: expected {' or '.join(VALUES[kind])} at character {_place(node)}",
                _place(node),
                VALUES[kind],
            )
        return given


def seconds_of(text: str) -> float | None:
    """Seconds since the epoch of a date (midnight, UTC) or an RFC 3339 time, None when it is neither.

    >>> seconds_of("1970-01-02T08:00:00+08:00")
    86400.0
    """
    if not _TIME.fullmatch(text):
        return None
    try:
        time = datetime.fromisoformat(text.upper())
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).timestamp()
    except (ValueError, OverflowError):  # the 31st of June; year 0; before year 1 in UTC
        return None


def _token(tree: Tree[Token], place: int) -> Token:
    token = tree.children[place]
    assert isinstance(token, Token)
    return token


def _unquoted(token: Token) -> str:
    return _ESCAPED.sub(r"\1", token[1:-1])


def _place(node: Tree[Token] | Token) -> int:
    return (node.start_pos if isinstance(node, Token) else node.meta.start_pos) or 0


def _wrong(detail: str, position: int | None, expected: tuple[str, ...]) -> FilterError:
    return FilterError(detail, position=position or 0, expected=expected, code="wrong_type")

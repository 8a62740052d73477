"""Filter text to filter tree.

lark reads the text by the grammar in ``filter.lark``; :mod:`filter_reader` turns what it read into the
tree, checking fields and types. Any string gives a tree or a :class:`FilterError`, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedToken

from indexing.contracts.columns import FieldKind
from indexing.contracts.errors import FilterError
from indexing.contracts.filter_faults import syntax_error
from indexing.contracts.filter_reader import FilterReader
from indexing.contracts.filters import Filter

MAX_LENGTH = 2_000
"""Code points; for what people type. Callers of their own texts may allow more."""
MAX_DEPTH = 32
"""Brackets and NOTs inside one another: what reads a tree calls itself for each of them."""


@cache
def _grammar() -> Lark:
    path = Path(__file__).with_name("filter.lark")
    return Lark(
        path.read_text(encoding="utf-8"), parser="lalr", lexer="contextual", propagate_positions=True
    )


def parse(
    text: str, kinds: Mapping[str, FieldKind], *, fold: Callable[[str], str], limit: int = MAX_LENGTH
) -> Filter:
    """Read a filter expression.

    Args:
        text: such as ``price_minor < 20000 AND brand IN ("小米", "华为") AND NOT tags = "二手"``.
        kinds: the fields that may be named (``columns.field_kinds(shop)``). A declared attribute may be
            named without ``attributes.`` unless a fixed field has its name.
        fold: ``indexing.text.fold``; applied to every text value but ids.
        limit: greatest length of ``text`` in code points.

    Returns:
        The tree, with canonical field names.

    Raises:
        FilterError: with code ``syntax``, ``unknown_field``, ``wrong_type``, ``too_long``, ``too_deep``
            or ``too_many``, the place of the fault, and what could stand there.
    """
    if len(text) > limit:
        raise FilterError(
            f"the filter has {len(text)} characters; at most {limit} are allowed",
            position=limit,
            code="too_long",
        )
    return _parsed(text, tuple(kinds.items()), fold)


@lru_cache(256)
def _parsed(text: str, fields: tuple[tuple[str, FieldKind], ...], fold: Callable[[str], str]) -> Filter:
    """Kept: a shop's rules are read for each request, and its pages filter by the same things. Of one
    comparison .1 ms."""
    kinds = dict(fields)
    return FilterReader(kinds, fold).visit(_tree(text, kinds))


def _tree(text: str, kinds: Mapping[str, FieldKind]) -> Tree[Token]:
    state = _grammar().parse_interactive(text)
    read: list[Token] = []
    depths = [0]  # of each open bracket, the outermost first
    depth = 0
    try:
        for token in state.iter_parse():
            read.append(token)
            depth = _deeper(token, depths, depth)
        tree: Tree[Token] = state.feed_eof()  # type: ignore[no-untyped-call]
    except UnexpectedToken as error:
        position = len(text) if error.token.type == "$END" else error.token.start_pos or 0
        if read and read[-1] is error.token:
            read.pop()
        raise syntax_error(text, position, read, _accepted_after(read), kinds) from None
    except UnexpectedCharacters as error:
        position = cast("int", error.pos_in_stream)
        raise syntax_error(text, position, read, _accepted_after(read), kinds) from None
    return tree


def _deeper(token: Token, depths: list[int], depth: int) -> int:
    """The depth after a token, in the words of ``MAX_DEPTH``; lark itself does not recurse."""
    if token.type == "_NOT":
        depth += 1
    elif token.type == "_LPAR":
        depth += 1
        depths.append(depth)
    elif token.type == "_RPAR" and len(depths) > 1:
        depths.pop()
        depth = depths[-1]
    else:
        depth = depths[-1]
    if depth > MAX_DEPTH:
        raise FilterError(
            f"the filter is more than {MAX_DEPTH} levels deep at character {token.start_pos}",
            position=token.start_pos or 0,
            code="too_deep",
        )
    return depth


def _accepted_after(read: list[Token]) -> set[str]:
    """Terminals that could follow. Asked of a fresh parser: the one that failed has already closed what
    its wrong token would have closed, and so has forgotten some of them."""
    state = _grammar().parse_interactive("")
    for token in read:
        state.feed_token(token)
    return cast("set[str]", state.accepts())  # type: ignore[no-untyped-call]

"""Descriptions of fields from the docstrings of their types: said once, for us and for strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_SAME = {"Patch": "Item", "BulkPatch": "Item", "Product": "Item"}
"""Types whose fields are those of another one."""
_ROLE = re.compile(r"(?<!\w):\w+:(?=`)")
_FIELD = re.compile(r"^ +(\w+): (.*(?:\n {9,}.*)*)", re.M)


def explain(schemas: dict[str, dict[str, Any]]) -> None:
    """Move the ``Attributes`` of each docstring to the fields, and what is said of a value that may be null
    to the field itself, where tools show it; descriptions that fields have stay.

    Args:
        schemas: by name, as msgspec makes them: a docstring is the description of its type.
    """
    for schema in schemas.values():
        purpose, _, fields = schema.get("description", "").partition("Attributes:")
        if purpose:
            schema["description"] = _plain(purpose)
        for name, words in described(fields):
            schema["properties"][name].setdefault("description", words)
        for field in schema.get("properties", {}).values():
            for choice in field.get("anyOf", ()):
                if "description" in choice:
                    field.setdefault("description", choice.pop("description"))
    for name, other in _SAME.items():
        for field, schema in schemas.get(name, {}).get("properties", {}).items():
            if words := schemas[other]["properties"][field].get("description"):
                schema.setdefault("description", words)


def described(fields: str) -> Iterator[tuple[str, str]]:
    """Name and words of each field.

    >>> list(described("\\n        a: first,\\n            still.\\n        b: ``c``.\\n    "))
    [('a', 'First, still.'), ('b', '`c`.')]
    """
    for match in _FIELD.finditer(fields):
        words = _plain(match[2])
        yield match[1], words[:1].upper() + words[1:]


def _plain(text: str) -> str:
    return _ROLE.sub("", " ".join(text.split())).replace("``", "`")

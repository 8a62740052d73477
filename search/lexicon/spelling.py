"""Texts as keys: folded, with nothing between the words."""

from __future__ import annotations

import re

_APART = re.compile(r"[\W_]+")


def compact(folded: str) -> str:
    """Letters and digits only: ``iphone 15`` and ``iphone15`` are one key.

    >>> compact("iphone 15 pro-max")
    'iphone15promax'
    """
    return _APART.sub("", folded)

"""Texts as keys: folded, with nothing between the words."""

from __future__ import annotations


def compact(folded: str) -> str:
    """Letters and digits only: ``iphone 15`` and ``iphone15`` are one key.

    >>> compact("iphone 15 pro-max")
    'iphone15promax'
    """
    return "".join(character for character in folded if character.isalnum())

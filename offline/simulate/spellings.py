"""Other ways to type a Chinese word: pinyin, initials, slips, traditional characters."""

from __future__ import annotations

from functools import cache

import numpy as np
from pypinyin import Style, lazy_pinyin

from offline.simulate.titles import traditional
from offline.simulate.tree import LEAVES


def full_pinyin(text: str) -> str:
    """Every syllable without tones, Latin runs in lower case.

    >>> full_pinyin("咖啡机")
    'kafeiji'
    """
    return "".join(lazy_pinyin(text)).lower().replace(" ", "")


def initials(text: str) -> str:
    """The first letter of every syllable.

    >>> initials("咖啡机")
    'kfj'
    """
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower().replace(" ", "")


@cache
def _homophones() -> dict[str, str]:
    """The shop's own characters by their sound: what an input method offers beside the right one."""
    words = (word for leaf in LEAVES for word in (*leaf.nouns, *leaf.aliases, *leaf.features, *leaf.path))
    sounds: dict[str, set[str]] = {}
    for character in {c for word in words for c in word if "一" <= c <= "鿿"}:
        sounds.setdefault(full_pinyin(character), set()).add(character)
    return {sound: "".join(sorted(same)) for sound, same in sounds.items() if len(same) > 1}


def slip(text: str, rng: np.random.Generator) -> str | None:
    """The text with one slip: a homophone, or two neighbours swapped where there is none.

    Returns:
        A text other than the one given; None where it is too short to have a slip that can be understood.
    """
    places = [place for place, c in enumerate(text) if len(_homophones().get(full_pinyin(c), "")) > 1]
    if places and not text.isascii():
        place = places[int(rng.integers(len(places)))]
        others = _homophones()[full_pinyin(text[place])].replace(text[place], "")
        if others:
            return text[:place] + others[int(rng.integers(len(others)))] + text[place + 1 :]
    if len(text) < 4:
        return None
    place = int(rng.integers(1, len(text) - 2))
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return swapped if swapped != text else None


def in_traditional(text: str) -> str | None:
    """In traditional characters; None where they are the same."""
    other = traditional(text)
    return other if other != text else None

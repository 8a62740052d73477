"""Stems of English words, so that ``mugs`` finds ``mug``: only in shops whose language is English."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import lru_cache

Stem = Callable[[str], str]


def stemmer(language: str) -> Stem | None:
    """A function from a lower-case token to its stem; None for languages without one.

    Tokens that hold anything but ASCII letters, model numbers above all, are their own stems.
    """
    if not re.match("en(?![a-z])", language, re.IGNORECASE):
        return None
    import snowballstemmer

    english = snowballstemmer.stemmer("english")
    lock = threading.Lock()  # the stemmer keeps its word in itself

    @lru_cache(1 << 16)
    def stem(word: str) -> str:
        if not (word.isascii() and word.isalpha()):
            return word
        with lock:
            stemmed: str = english.stemWord(word)
        return stemmed

    return stem

"""What the service knows of a request besides its body."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field

from recsys.reasons import Language

_numbers = random.Random(os.urandom(32))  # noqa: S311 - ids, no secrets; the system's own costs 70 µs each


def new_request_id() -> str:
    """96 random bits, 24 hexadecimal digits."""
    return f"{_numbers.getrandbits(96):024x}"


@dataclass(frozen=True, slots=True)
class Context:
    """Made at the edge, by the API and by the pages alike.

    Attributes:
        request_id: of the answer; joins what was shown to what was done.
        language: in which reasons are given; None: the shop's.
        trusted: the caller may name a ``user_id`` without a token (a server's key, our own pages).
    """

    request_id: str = field(default_factory=new_request_id)
    language: Language | None = None
    trusted: bool = False


def language_of(accepted: str | None) -> Language | None:
    """The best of our languages in an ``Accept-Language`` header, None when it names neither.

    >>> language_of("fr;q=0.9, zh-Hans-CN;q=0.8, en;q=0.7")
    'zh-CN'
    """
    best: Language | None = None
    best_weight = 0.0
    for part in (accepted or "")[:500].split(","):
        tag, _, parameters = part.strip().partition(";")
        language = _known(tag.strip().lower())
        weight = _weight(parameters)
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def _known(tag: str) -> Language | None:
    main = tag.split("-", maxsplit=1)[0]
    return "zh-CN" if main == "zh" else "en" if main == "en" else None


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0

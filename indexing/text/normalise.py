"""One form for one text, with a way back: which original characters does each normalised one come from?

NFKC, full and half width, case folded, traditional to simplified, control and invisible characters out,
white space to a plain space. Most titles need no map at all: every character keeps its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from indexing.text.script import simplify

_MARKS = 16  # combining marks kept on one character; sorting more of them is quadratic in CPython
_REPLACEMENT = "\ufffd"

# Full-width ASCII and the ideographic space: found in most Chinese titles, and one for one
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_WIDE = re.compile("[\uff01-\uff5e\u3000\u00a0]").search

# Characters that NFKC leaves alone whatever stands beside them and whose case folds one for one (tested).
_PLAIN = re.compile(
    "[ -~\u00a1-\u00a7\u00a9\u00ab\u00ac\u00ae\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf-\u00de\u00e0-\u00ff"
    "\u2010\u2012-\u2016\u2018-\u201f\u2020-\u2023\u2030\u20ac\u2190-\u21ff\u2500-\u266f\u3001-\u3011\u3014-\u301b"
    "\u3041-\u3096\u309d\u309e\u30a1-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U0001f300-\U0001faff]*"
).fullmatch

_INVISIBLE = frozenset(
    chr(code)
    for begin, end in (
        (0x034F, 0x0350),  # combining grapheme joiner
        (0x115F, 0x1161),  # Hangul fillers
        (0x17B4, 0x17B6),
        (0x180B, 0x1810),  # Mongolian variation selectors
        (0x3164, 0x3165),
        (0xFE00, 0xFE10),  # variation selectors: the emoji form of a sign
        (0xFFA0, 0xFFA1),
        (0xE0100, 0xE01F0),
    )
    for code in range(begin, end)
)


class Normalised:
    """A normalised text and the original span of each of its characters.

    Attributes:
        text: normalised; white space is not collapsed.
        starts, ends: by character, offsets in the original; None when every character keeps its place.
    """

    __slots__ = ("ends", "starts", "text")

    def __init__(
        self, text: str, starts: Sequence[int] | None = None, ends: Sequence[int] | None = None
    ) -> None:
        self.text = text
        self.starts = starts
        self.ends = ends


@lru_cache(1 << 6)  # a page marks the titles that its ranking has read; an index reads each twice
def normalise(text: str) -> Normalised:
    """Normalise any text, lone surrogates included, in time linear in its length."""
    plain = text.translate(_WIDTH) if _WIDE(text) else text
    if _PLAIN(plain):
        return Normalised(simplify(plain.casefold()))
    return _slowly(text)


def fold(text: str) -> str:
    """How values compare: normalised, white space collapsed and trimmed. Idempotent.

    >>> fold("  ＡＢＣ　手機\\u200b㎏ ")
    'abc 手机kg'
    """
    return " ".join(normalise(text).text.split())


def _slowly(text: str) -> Normalised:
    """Cluster by cluster: a character with the marks that may compose with it."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster, start, end in _clusters(text):
        piece = _fold_cluster(cluster)
        pieces.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
    return Normalised(simplify("".join(pieces)), starts, ends)


def _clusters(text: str) -> list[tuple[str, int, int]]:
    """(characters, start, end) of each cluster; invisible characters belong to none."""
    clusters: list[tuple[str, int, int]] = []
    held: list[str] = []
    start = end = 0
    for place, character in enumerate(text):
        shown, continues = _behaviour(character)
        if not shown:
            continue
        if held and continues:
            if len(held) <= _MARKS:
                held.append(shown)
            end = place + 1
            continue
        if held:
            clusters.append(("".join(held), start, end))
        held, start, end = [shown], place, place + 1
    if held:
        clusters.append(("".join(held), start, end))
    return clusters


@lru_cache(1 << 14)
def _behaviour(character: str) -> tuple[str, bool]:
    """What stands for the character ('' when it is invisible), and whether it may join the one before."""
    category = unicodedata.category(character)
    if category == "Cs":
        return _REPLACEMENT, False
    if character.isspace():
        return " ", False
    if category in ("Cc", "Cf") or character in _INVISIBLE:
        return "", False
    first = unicodedata.normalize("NFKD", character)[0]
    # A mark, or a vowel or final of Hangul, whose composition class is 0
    return character, unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"


@lru_cache(1 << 14)
def _fold_cluster(cluster: str) -> str:
    folded = unicodedata.normalize("NFKC", cluster).casefold()
    folded = unicodedata.normalize("NFKC", folded)  # folding the case may leave what composes again
    return folded[: _MARKS + 1] if len(cluster) > 1 else folded

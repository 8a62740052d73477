"""Pinyin of several words at once: jixiejianpan is no text of the lexicon, but 机械 and 键盘 are.

A shop without much of a log knows few queries; what its titles say it knows all the same.
"""

from __future__ import annotations

from indexing.lexical.base import LexicalIndex, LexicalQuery, Term
from indexing.text import Analyser, fold
from search.lexicon import Lexicon

_SHORTEST, _LONGEST = 2, 14
"""Letters of one piece: an, and jiandanzhuangban."""
_EACH, _BEAM, _TRIED = 3, 8, 8
"""Texts of one sound, ways kept to each place, and whole texts that are looked up."""
_MOST_LETTERS = 32


def composed(lexicon: Lexicon, analyser: Analyser, lexical: LexicalIndex, key: str) -> list[str]:
    """Texts made of two or more texts of the lexicon that sound like ``key``, and that some product holds
    as they stand; the likeliest first: few pieces, each strong.

    Args:
        key: latin letters without a space.
    """
    if len(key) > _MOST_LETTERS:
        return []
    ways = _ways(lexicon, key)
    best = sorted(ways, key=lambda text: (-ways[text], text))[:_TRIED]
    return [text for text in best if _held(analyser, lexical, text)]


def _ways(lexicon: Lexicon, key: str) -> dict[str, float]:
    """Every likely text with its score: the sum of ``strength − 1`` of its pieces, so that one more piece
    costs more than any piece is worth."""
    reached: list[dict[str, float]] = [{} for _ in range(len(key) + 1)]
    reached[0][""] = 0.0
    for begin in range(len(key) - _SHORTEST + 1):
        if not reached[begin]:
            continue
        best = sorted(reached[begin].items(), key=lambda pair: (-pair[1], pair[0]))[:_BEAM]
        for end in range(begin + _SHORTEST, min(begin + _LONGEST, len(key)) + 1):
            if end - begin == len(key):  # the whole is for the lexicon itself
                continue
            for piece, strength in _pieces(lexicon, key[begin:end]):
                for text, score in best:
                    made, total = text + piece, score + strength - 1.0
                    reached[end][made] = max(reached[end].get(made, -99.0), total)
    return reached[len(key)]


def _pieces(lexicon: Lexicon, sound: str) -> list[tuple[str, float]]:
    places, scores = lexicon.correct_pinyin.exact(sound, _EACH)
    return [
        (fold(lexicon.text(place)), score)
        for place, score in zip(places.tolist(), scores.tolist(), strict=True)
    ]


def _held(analyser: Analyser, lexical: LexicalIndex, text: str) -> bool:
    neighbours = tuple(token.text for token in analyser.characters(text))
    return lexical.count(LexicalQuery((Term((), (neighbours,)),))) > 0

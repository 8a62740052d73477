"""The query lexicon: what shoppers mean by what they type. A build writes it, serving maps it."""

from search.lexicon.entries import KINDS, MIN_SHOPPERS, Kind, LexiconEntry
from search.lexicon.lexicon import Lexicon
from search.lexicon.pinyin import Pinyin
from search.lexicon.write import LexiconReport, write_lexicon

__all__ = [
    "KINDS",
    "MIN_SHOPPERS",
    "Kind",
    "Lexicon",
    "LexiconEntry",
    "LexiconReport",
    "Pinyin",
    "write_lexicon",
]

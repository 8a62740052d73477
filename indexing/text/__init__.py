"""Which words does a Chinese text hold, and where in the original do they stand?"""

from indexing.text.analyser import Analyser, Token, build_analyser, open_analyser
from indexing.text.highlight import highlight, mark, marked
from indexing.text.mining import mine
from indexing.text.normalise import fold
from indexing.text.reader import Reader
from indexing.text.word_finder import WordFinder

__all__ = [
    "Analyser",
    "Reader",
    "Token",
    "WordFinder",
    "build_analyser",
    "fold",
    "highlight",
    "mark",
    "marked",
    "mine",
    "open_analyser",
]

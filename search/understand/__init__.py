"""What did the shopper mean?"""

from search.understand.price import Price, read_price
from search.understand.query import Understander, Wanted
from search.understand.tags import Tagger
from search.understand.terms import QueryTerm, TermMaker
from search.words.synonyms import Synonyms

__all__ = ["Price", "QueryTerm", "Synonyms", "Tagger", "TermMaker", "Understander", "Wanted", "read_price"]

"""Which products hold these words, how many, and with which facets?"""

from indexing.lexical.document import DocumentMaker, document
from indexing.lexical.oracle import OracleIndex
from indexing.lexical.tantivy_index import TantivyIndex
from indexing.lexical.tantivy_writer import Prepared, TantivyWriter, prepared, write_index

__all__ = [
    "DocumentMaker",
    "OracleIndex",
    "Prepared",
    "TantivyIndex",
    "TantivyWriter",
    "document",
    "prepared",
    "write_index",
]

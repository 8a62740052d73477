"""Which products hold these words, how many, and with which facets?"""

from indexing.lexical.document import DocumentMaker, document
from indexing.lexical.oracle import OracleIndex
from indexing.lexical.tantivy_index import TantivyIndex
from indexing.lexical.tantivy_writer import TantivyWriter, write_index

__all__ = ["DocumentMaker", "OracleIndex", "TantivyIndex", "TantivyWriter", "document", "write_index"]

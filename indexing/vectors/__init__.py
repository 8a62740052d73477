"""Which vectors are nearest, and what is the vector of a text? ``base.py`` has the guarantees."""

from indexing.vectors.base import Vector, VectorHits, VectorIndex
from indexing.vectors.build import build_index, open_index
from indexing.vectors.embedder import StaticEmbedder, to_unit_length
from indexing.vectors.embedder_files import import_static_embedding, save_embedder
from indexing.vectors.exact import ExactIndex
from indexing.vectors.faiss_index import FaissIndex
from indexing.vectors.lists import ListsIndex
from indexing.vectors.overlay import OverlayIndex
from indexing.vectors.report import IndexReport

__all__ = [
    "ExactIndex",
    "FaissIndex",
    "IndexReport",
    "ListsIndex",
    "OverlayIndex",
    "StaticEmbedder",
    "Vector",
    "VectorHits",
    "VectorIndex",
    "build_index",
    "import_static_embedding",
    "open_index",
    "save_embedder",
    "to_unit_length",
]

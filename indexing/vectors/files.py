"""Names in the folder of a vector index."""

VECTORS_FILE = "vectors.npy"
ROWS_FILE = "rows.npy"
INDEX_FILE = "index.faiss"

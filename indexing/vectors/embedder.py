"""The vector of a text by table look-up: no torch, and a query within a tenth of a millisecond."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from indexing.vectors.embedder_files import TOKENIZER_FILE, map_embeddings, read_info

if TYPE_CHECKING:
    from indexing.text import Analyser

Floats = npt.NDArray[np.float32]

_BLOCK = 4096  # texts at a time: bounds the memory of a long list


class StaticEmbedder:
    """Mean of the vectors of a text's tokens, of unit length.

    Equal to sentence-transformers' ``StaticEmbedding`` with ``normalize_embeddings=True`` (to 1e-6).

    Args:
        tokenizer: without padding and truncation.
        table: shape (tokens, dimension), float32 or float16, mapped.
        analyser: makes the words of a model whose tokens are our own; None: the model splits raw text.
    """

    def __init__(
        self, tokenizer: Tokenizer, table: npt.NDArray[np.floating], analyser: Analyser | None
    ) -> None:
        self._tokenizer = tokenizer
        self._table = table
        self._analyser = analyser

    @classmethod
    def open(cls, folder: Path, analyser: Analyser) -> StaticEmbedder:
        """Open a folder that ``save_embedder`` or ``import_static_embedding`` wrote.

        Raises:
            OSError: a file is not there.
            ValueError: a file is not what it should be, or the two do not fit.
        """
        info = read_info(folder)
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        table = map_embeddings(folder)
        if table.shape[1] != info.dimension or tokenizer.get_vocab_size() > len(table):
            raise ValueError(
                f"{folder}: {tokenizer.get_vocab_size()} tokens of {info.dimension} numbers were expected, "
                f"the table is {table.shape}"
            )
        return cls(tokenizer, table, analyser if info.pretokenized else None)

    @property
    def dimension(self) -> int:
        return int(self._table.shape[1])

    @property
    def takes_words(self) -> bool:
        """Whether the vectors are those of the analyser's words, see :meth:`sums`."""
        return self._analyser is not None

    def encode(self, texts: Sequence[str]) -> Floats:
        """Float32 of shape (len(texts), dimension), unit length; zeros where no token is known."""
        if self._analyser is None:
            return self._encode_all(texts, self._encode)
        index = self._analyser.index
        return self._encode_all([" ".join(t.text for t in index(text)) for text in texts], self._encode)

    def sums(self, words: Sequence[str]) -> Floats:
        """Float32 of shape (len(words), dimension): of each word the sum of its tokens' vectors. Added up
        over the index words of a text and brought to unit length they are its vector.
        """
        assert self.takes_words, "this model splits raw text"
        return self._encode_all(words, self._sum)

    def _encode_all(self, texts: Sequence[str], encode: Callable[[Sequence[str], Floats], None]) -> Floats:
        out = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _BLOCK):
            encode(list(texts[start : start + _BLOCK]), out[start : start + _BLOCK])
        return out

    def _encode(self, texts: Sequence[str], out: Floats) -> None:
        self._sum(texts, out)
        # the mean and the sum have the same direction, and only the direction is kept
        to_unit_length(out)

    def _sum(self, texts: Sequence[str], out: Floats) -> None:
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        for place, encoding in enumerate(encodings):
            if tokens := encoding.ids:
                # text by text: ``reduceat`` over all takes five times as long
                self._table[tokens].sum(axis=0, dtype=np.float32, out=out[place])


def to_unit_length(vectors: Floats) -> None:
    """Bring each row to length 1, in place; zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    np.divide(vectors, lengths, out=vectors, where=lengths > 0)

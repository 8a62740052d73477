"""The models of a snapshot that search reads, mapped once and shared by the engines over that snapshot.

A snapshot never changes, so its folder is the key: the live view makes a new engine whenever it likes,
and pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from indexing.contracts.errors import SnapshotBroken
from indexing.vectors.mapping import map_array
from search.lexicon import Lexicon
from search.words import seed_synonyms
from search.words.synonyms import Synonyms

if TYPE_CHECKING:
    from indexing.snapshots.catalogue import Catalogue
    from indexing.text import Analyser

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Makes the vector of a text."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """float32 (n, d), unit length; zeros for texts without a known word."""
        ...


@dataclass(frozen=True, slots=True)
class Popularity:
    """Scores in [0, 1] of the built rows, and these rows by score, equal scores by row."""

    scores: Floats
    order: Rows
    leaders: dict[tuple[str, int], Rows] = field(default_factory=dict)
    """The most popular rows by (field, code); filled as they are asked for."""

    def of(self, rows: Rows) -> Floats:
        """float32 (n,); 0 for rows that came after the build."""
        found = np.zeros(len(rows), np.float32)
        built = rows < len(self.scores)
        found[built] = self.scores[rows[built]]
        return found


@dataclass(frozen=True, slots=True)
class Models:
    """What is absent was not built.

    Attributes:
        held: how many products hold a phrase, or both of two words; filled as it is asked for.
    """

    lexicon: Lexicon | None
    synonyms: Synonyms
    popularity: Popularity | None
    held: dict[tuple[str | int, ...], int] = field(default_factory=dict)


def open_models(catalogue: Catalogue) -> Models:
    """Map the models of the catalogue's snapshot."""
    return _open(catalogue.model("lexicon"), catalogue.model("popularity"))


@lru_cache(maxsize=2)  # the snapshot being served and the one before it: old files are let go
def _open(lexicon_folder: Path | None, popularity_folder: Path | None) -> Models:
    lexicon = Lexicon.open(lexicon_folder) if lexicon_folder else None
    groups = (*seed_synonyms(), *(lexicon.synonyms if lexicon else ()))
    return Models(lexicon, Synonyms(groups), _popularity(popularity_folder) if popularity_folder else None)


def open_embedder(catalogue: Catalogue) -> Embedder | None:
    """The text model of the snapshot, None when it was not built."""
    folder = catalogue.model("text")
    return _embedder(folder, catalogue.analyser) if folder else None


@lru_cache(maxsize=2)
def _embedder(folder: Path, analyser: Analyser) -> Embedder:
    # a shop without text vectors need not load the tokenizers
    from indexing.vectors import StaticEmbedder

    try:
        return StaticEmbedder.open(folder, analyser)
    except (OSError, ValueError) as error:
        raise SnapshotBroken(f"the text model cannot be read: {error}", path=str(folder)) from error


def _popularity(folder: Path) -> Popularity:
    try:
        scores = map_array(folder / "scores.npy")
    except (OSError, ValueError) as error:
        raise SnapshotBroken(f"the popularity cannot be read: {error}", path=str(folder)) from error
    return Popularity(scores, np.argsort(-scores, kind="stable").astype(np.int32))

"""The words of a text model: the analyser's tokens, and single characters so that new words have parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexing.text import Analyser
from offline.jobs.progress import Progress

_BLOCK = 2_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and how often each occurs, the most frequent first, equal ones in code point order."""

    words: tuple[str, ...]
    counts: npt.NDArray[np.int64]


def spaced_tokens(texts: Sequence[str], analyser: Analyser, progress: Progress) -> list[str]:
    """The index tokens of each text, joined by spaces: what the embedder makes of it when serving."""
    spaced: list[str] = []
    for start in range(0, len(texts), _BLOCK):
        block = texts[start : start + _BLOCK]
        spaced += [" ".join(token.text for token in analyser.index(text)) for text in block]
        progress("text words", len(spaced), len(texts))
    return spaced


def vocabulary_of(spaced: Iterable[str], *, most: int) -> Vocabulary:
    """The ``most`` most frequent words, and every character of a longer Han word."""
    counts: Counter[str] = Counter()
    for text in spaced:
        counts.update(text.split())
    parts: Counter[str] = Counter()
    for word, count in counts.items():
        if len(word) > 1:
            parts.update({character: count for character in word if _is_han(character)})
    for character, count in parts.items():
        counts[character] = max(counts[character], count)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return Vocabulary(tuple(word for word, _ in ordered), np.array([n for _, n in ordered], np.int64))


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def starting_vectors(vocabulary: Vocabulary, *, dimension: int, seed: int) -> npt.NDArray[np.float32]:
    """Random directions, shorter for frequent words: ``a / (a + p(word))`` with a = 1e-3 + 10 / words.

    Before any training the mean of these is the bag of words, seen through a random projection and with
    the weights of Arora, Liang and Ma (A Simple but Tough-to-Beat Baseline for Sentence Embeddings,
    ICLR 2017): two texts are alike by the rare words that they share. Their a = 1e-3 is for a language;
    in a shop of a hundred words each is frequent, and a model number alone would decide.
    """
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((len(vocabulary.words), dimension)).astype(np.float32)
    share = vocabulary.counts / max(int(vocabulary.counts.sum()), 1)
    a = 1e-3 + 10 / max(len(vocabulary.words), 1)
    scaled: npt.NDArray[np.float32] = vectors * (a / (a + share))[:, None].astype(np.float32)
    return scaled

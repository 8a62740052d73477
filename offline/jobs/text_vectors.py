"""Text vectors: a static embedding trained on the shop's own texts, and the vector of every title."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import scipy.sparse as sp

from indexing.snapshots.arrow_texts import MappedTexts
from indexing.text import Analyser
from indexing.vectors import StaticEmbedder, import_static_embedding, save_embedder, to_unit_length
from indexing.vectors.embedder_files import UNKNOWN, word_tokenizer
from offline.jobs.interactions import Interactions
from offline.jobs.progress import Progress, silent
from offline.jobs.searches import Searches
from offline.jobs.text_pairs import ItemTexts, Pairs, make_pairs
from offline.jobs.text_training import TrainingConfig, train
from offline.jobs.vocabulary import spaced_tokens, starting_vectors, vocabulary_of

Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TextConfig:
    """How text vectors are made.

    Attributes:
        model: folder of another StaticEmbedding (sentence-transformers or model2vec); nothing is trained.
        most_pairs: pairs trained on.
        least_pairs: with fewer, words keep the vectors they start with: a bag of words.
        most_words: of the vocabulary.
        held_out: pairs kept from training to measure with, at most, and at most a tenth.
    """

    model: Path | None = None
    dimension: int = 128
    most_pairs: int = 100_000
    least_pairs: int = 200
    most_words: int = 200_000
    held_out: int = 1_000
    training: TrainingConfig = field(default_factory=TrainingConfig)


class TextReport(msgspec.Struct, frozen=True):
    """What came of it.

    Attributes:
        pairs: trained on, by kind, held out ones included.
        recall_before, recall_after: of held-out pairs, the share whose right text is among the ten nearest
            of all held-out right texts to the left one; None when too few were held out.
        trained: False: ``why`` says what the vectors are instead.
    """

    words: int
    pairs: dict[str, int]
    recall_before: float | None
    recall_after: float | None
    bytes: int
    seconds: float
    trained: bool
    why: str | None = None


def text_vectors(
    texts: ItemTexts,
    searches: Searches,
    found: Interactions,
    *,
    analyser: Analyser,
    folder: Path,
    config: TextConfig | None = None,
    progress: Progress = silent,
) -> tuple[Floats, TextReport]:
    """Write an embedder into ``folder`` (``models/text``).

    Args:
        texts: of the catalogue, by row.
        searches: what was touched after which query; may be empty.
        found: what was touched after what; may be empty. Without either, titles are trained on their own
            brands, categories and attributes.
        analyser: the snapshot's; queries are embedded with the same.

    Returns:
        the vector of every title, float32 (products, dimension), unit length or zeros, and the report.
    """
    started = time.perf_counter()
    chosen = config or TextConfig()
    if chosen.model is not None:
        import_static_embedding(chosen.model, folder)
        report = TextReport(0, {}, None, None, 0, 0.0, trained=False, why=f"{chosen.model.name} was given")
    else:
        pairs = make_pairs(texts, searches, found, most=chosen.most_pairs, seed=chosen.training.seed)
        spaced = _spaced(pairs, texts, analyser, progress)
        report = _make(pairs, spaced, folder=folder, config=chosen, progress=progress)
    embedder = StaticEmbedder.open(folder, analyser)
    known = texts.words if embedder.takes_words else None
    vectors = embedder.encode(texts.titles) if known is None else vectors_of_words(embedder, known)
    size = sum(path.stat().st_size for path in folder.iterdir()) + vectors.nbytes
    return vectors, msgspec.structs.replace(report, bytes=size, seconds=time.perf_counter() - started)


def vectors_of_words(embedder: StaticEmbedder, spaced: MappedTexts) -> Floats:
    """:meth:`StaticEmbedder.encode` of texts whose index words are known, joined by spaces: each different
    word is looked up once. A million titles in SECONDS s; text by text they take ten times as long."""
    words = pc.split_pattern(spaced.array, " ")
    coded = words.values.dictionary_encode()
    offsets = words.offsets.to_numpy()
    held = sp.csr_matrix(
        (np.ones(len(coded), np.float32), coded.indices.to_numpy(), offsets),
        shape=(len(words), len(coded.dictionary)),
    )
    vectors: Floats = held @ embedder.sums(coded.dictionary.to_pylist())
    to_unit_length(vectors)
    return vectors


def _spaced(pairs: Pairs, texts: ItemTexts, analyser: Analyser, progress: Progress) -> list[str]:
    """The words of each text of the pairs; of contexts only those drawn, for there is one a product."""
    titles, contexts = len(texts.titles), len(texts.contexts)
    drawn = np.unique(np.concatenate([pairs.left, pairs.right]))
    drawn = drawn[(drawn >= titles) & (drawn < titles + contexts)].tolist()
    queries = range(titles + contexts, len(pairs.texts))
    wanted = [*([] if texts.words is not None else range(titles)), *drawn, *queries]
    found = spaced_tokens([pairs.texts[place] for place in wanted], analyser, progress)
    spaced = [*(texts.words if texts.words is not None else [""] * titles)] + [""] * (
        contexts + len(queries)
    )
    for place, words in zip(wanted, found, strict=True):
        spaced[place] = words
    return spaced


def _make(
    pairs: Pairs, spaced: list[str], *, folder: Path, config: TextConfig, progress: Progress
) -> TextReport:
    """Train on the pairs, or leave the words as they start; write and measure."""
    vocabulary = vocabulary_of(spaced, most=config.most_words)
    words = vocabulary.words
    start = starting_vectors(vocabulary, dimension=config.dimension, seed=config.training.seed)
    held = min(config.held_out, len(pairs) // 10)
    enough = len(pairs) - held >= config.least_pairs
    table = start
    if enough:
        left, right = (
            [spaced[place] for place in side[held:].tolist()] for side in (pairs.left, pairs.right)
        )
        table = train(words, start, (left, right), config.training, progress)
    info = {"pairs": pairs.kinds, "seed": config.training.seed, "trained": enough}
    save_embedder(folder, words, table, pieces=True, info=info)
    sides = pairs.left[:held], pairs.right[:held]
    return TextReport(
        words=len(words),
        pairs={str(kind): count for kind, count in pairs.kinds.items()},
        recall_before=_recall(words, start, spaced, sides),
        recall_after=_recall(words, table, spaced, sides),
        bytes=0,
        seconds=0.0,
        trained=enough,
        why=None
        if enough
        else f"{len(pairs)} pairs, {config.least_pairs} needed: words are random directions",
    )


def _recall(
    words: tuple[str, ...], table: Floats, spaced: list[str], sides: tuple[Codes, Codes], most: int = 10
) -> float | None:
    """Share of the left texts that find their right one among the ``most`` nearest; None below 50 pairs."""
    left, right = sides
    if len(left) < 50:
        return None
    vocabulary = {word: place for place, word in enumerate([*words, UNKNOWN])}
    wide = np.vstack([table, np.zeros((1, table.shape[1]), np.float32)])
    embedder = StaticEmbedder(word_tokenizer(vocabulary, pieces=True), wide, None)
    candidates, wanted = np.unique(right, return_inverse=True)
    scores = embedder.encode([spaced[place] for place in left.tolist()]) @ (
        embedder.encode([spaced[place] for place in candidates.tolist()]).T
    )
    own = scores[np.arange(len(left)), wanted]
    better = (scores > own[:, None]).sum(axis=1)
    return float((better < most).mean())

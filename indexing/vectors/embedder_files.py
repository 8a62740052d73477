"""The files of a text embedder: ``tokenizer.json``, ``embeddings.safetensors``, ``model.json``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers

TOKENIZER_FILE = "tokenizer.json"
TABLE_FILE = "embeddings.safetensors"
INFO_FILE = "model.json"

UNKNOWN = "[UNK]"
_THEIR_TABLE = "model.safetensors"

_KEY = "embedding.weight"  # the name sentence-transformers gives it
_TYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}


class EmbedderInfo(msgspec.Struct, frozen=True):
    """``model.json``.

    Attributes:
        pretokenized: the tokenizer is given our analyser's words, joined by spaces; else the raw text.
        dimension: of the vectors.
        info: where the model comes from: job, seed, losses, whatever its maker notes.
    """

    pretokenized: bool
    dimension: int
    info: dict[str, Any] = {}


def save_embedder(
    folder: Path,
    words: Sequence[str],
    matrix: npt.ArrayLike,
    *,
    pretokenized: bool = True,
    pieces: bool = False,
    info: Mapping[str, Any] | None = None,
) -> None:
    """Write a table of words as an embedder.

    Words that are not in it count for nothing: they get a row of zeros of their own, the last.

    Args:
        folder: made when missing.
        words: unique, without white space.
        matrix: shape (len(words), dimension); float16 stays float16, all else becomes float32.
        pretokenized: see :class:`EmbedderInfo`.
        pieces: a word that is not in the table is the longest words of the table that it is made of, from
            left to right, when it is made of such words altogether.

    Raises:
        ValueError: words and matrix do not fit, a word occurs twice, is empty or holds white space.
    """
    table = np.asarray(matrix)
    table = table.astype(table.dtype if table.dtype == np.float16 else np.float32, copy=False)
    if table.ndim != 2 or len(table) != len(words) or not np.isfinite(table).all():
        raise ValueError(f"expected a finite row for each of {len(words)} words, not {table.shape}")
    if wrong := [word for word in words if word.split() != [word] or word == UNKNOWN]:
        raise ValueError(f"{wrong[0]!r} is not a word: words are not empty and hold no white space")
    vocabulary = {word: place for place, word in enumerate([*words, UNKNOWN])}
    if len(vocabulary) <= len(words):
        raise ValueError("a word occurs twice")
    tokenizer = word_tokenizer(vocabulary, pieces=pieces)
    unknown = np.zeros((1, table.shape[1]), table.dtype)
    _write(
        folder,
        tokenizer,
        np.vstack([table, unknown]),
        EmbedderInfo(pretokenized, table.shape[1], dict(info or {})),
    )


def word_tokenizer(vocabulary: Mapping[str, int], *, pieces: bool) -> Tokenizer:
    """A tokenizer of words between spaces; see :func:`save_embedder` for ``pieces``."""
    known = dict(vocabulary)
    model = (
        models.WordPiece(
            known, unk_token=UNKNOWN, continuing_subword_prefix="", max_input_chars_per_word=200
        )
        if pieces
        else models.WordLevel(known, unk_token=UNKNOWN)
    )
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def import_static_embedding(path: Path, folder: Path) -> None:
    """Copy a ``StaticEmbedding`` of sentence-transformers (or a model2vec model) into our format.

    Args:
        path: a saved SentenceTransformer, the folder of its StaticEmbedding module, or an embedder of ours
            (``models/text`` of a snapshot), which is taken as it is.
        folder: made when missing.

    Raises:
        ValueError: there is no tokenizer or no table in ``path``, or they do not fit.
    """
    if (path / INFO_FILE).is_file() and not (path / _THEIR_TABLE).exists():
        _copy(path, folder)
        return
    source = _module_folder(path)
    try:
        tokenizer = Tokenizer.from_file(str(source / TOKENIZER_FILE))
        tensors = load_file(source / _THEIR_TABLE)
    except Exception as error:  # tokenizers and safetensors raise bare Exceptions of their own
        raise ValueError(f"{path}: not a StaticEmbedding of sentence-transformers: {error}") from error
    table = _table_of(tensors, path)
    if tokenizer.get_vocab_size() > len(table):
        raise ValueError(f"{path}: {tokenizer.get_vocab_size()} tokens, but {len(table)} vectors")
    info = EmbedderInfo(pretokenized=False, dimension=table.shape[1], info={"imported_from": path.name})
    _write(folder, tokenizer, table, info)


def read_info(folder: Path) -> EmbedderInfo:
    """``model.json``.

    Raises:
        OSError: it is not there.
        msgspec.DecodeError: it is not what we wrote (a ``ValueError``).
    """
    return msgspec.json.decode((folder / INFO_FILE).read_bytes(), type=EmbedderInfo)


def map_embeddings(folder: Path) -> npt.NDArray[np.floating]:
    """The table, mapped: the library's own reader copies it into every process.

    The format: the header's length (8 bytes, little-endian), a JSON header, then the bytes; offsets
    count from the header's end.

    Raises:
        OSError: it is not there.
        ValueError: it is not a table of float32 or float16.
    """
    path = folder / TABLE_FILE
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            entry = json.loads(file.read(length))[_KEY]
        start, end = entry["data_offsets"]
        kind, shape = _TYPES[entry["dtype"]], tuple(entry["shape"])
    except (KeyError, TypeError, ValueError, OverflowError, MemoryError) as error:
        raise ValueError(f"{path}: not a table of float32 or float16 under {_KEY}") from error
    if len(shape) != 2 or end - start != kind.itemsize * shape[0] * shape[1]:
        raise ValueError(f"{path}: {end - start} bytes are no table of {shape}")
    return np.asarray(np.memmap(path, kind, "r", offset=8 + length + start, shape=shape))


def _write(folder: Path, tokenizer: Tokenizer, table: npt.NDArray[np.floating], info: EmbedderInfo) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / TOKENIZER_FILE))
    save_file({_KEY: np.ascontiguousarray(table)}, folder / TABLE_FILE)
    (folder / INFO_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(info)))


def _copy(path: Path, folder: Path) -> None:
    """An embedder of ours, once it was seen to be whole."""
    try:
        info, table = read_info(path), map_embeddings(path)
        fits = table.shape[1] == info.dimension and (path / TOKENIZER_FILE).is_file()
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: not an embedder: {error}") from error
    if not fits:
        raise ValueError(
            f"{path}: not an embedder: its table is {table.shape}, or {TOKENIZER_FILE} is missing"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in (TOKENIZER_FILE, TABLE_FILE, INFO_FILE):
        shutil.copyfile(path / name, folder / name)


def _module_folder(path: Path) -> Path:
    """A saved SentenceTransformer names its modules; other folders are taken as the module itself."""
    listing = path / "modules.json"
    if not listing.is_file():
        return path
    for module in json.loads(listing.read_text(encoding="utf-8")):
        if module["type"].endswith("StaticEmbedding"):
            return path / str(module["path"])
    raise ValueError(f"{path}: none of its modules is a StaticEmbedding")


def _table_of(tensors: Mapping[str, npt.NDArray[Any]], path: Path) -> npt.NDArray[np.floating]:
    """The vector of each token; model2vec may share vectors between tokens and weigh them."""
    table = tensors.get(_KEY, tensors.get("embeddings"))
    if table is None or table.ndim != 2:
        raise ValueError(f"{path}: no {_KEY} among {sorted(tensors)}")
    if "mapping" in tensors:
        table = table[tensors["mapping"]]
    if table.dtype != np.float16:
        table = table.astype(np.float32)
    if "weights" in tensors:
        table = table.astype(np.float32) * tensors["weights"][:, np.newaxis].astype(np.float32)
    return table

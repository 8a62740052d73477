"""The text embedder: look-up, equality with sentence-transformers, damaged files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from indexing.vectors import StaticEmbedder, import_static_embedding, save_embedder, to_unit_length

WORDS = ["咖啡机", "咖啡", "华为", "手机", "iphone", "15"]


@dataclass
class Word:
    text: str


class Spaces:
    """Stands for the analyser: words are what stands between spaces, in lower case."""

    def index(self, text: str) -> Sequence[Word]:
        return [Word(part) for part in text.lower().split()]


def table(rows: int = len(WORDS), dimension: int = 8, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)


@pytest.fixture
def embedder(tmp_path: Path) -> StaticEmbedder:
    save_embedder(tmp_path, WORDS, table(), info={"job": "test"})
    return StaticEmbedder.open(tmp_path, Spaces())


def test_mean_of_the_words_with_unit_length(embedder: StaticEmbedder) -> None:
    """Repeats count, unknown words do not, case is the analyser's business."""
    vectors = table()
    mean = (2 * vectors[2] + vectors[4]) / 3
    found = embedder.encode(["华为 IPHONE 无 华为"])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[0], mean / np.linalg.norm(mean), atol=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "无 此 词", "[UNK]", "\x00", "😀"])
def test_zeros_when_nothing_is_known(embedder: StaticEmbedder, text: str) -> None:
    """No known word, no direction."""
    assert embedder.encode([text]).tolist() == [[0.0] * 8]


@given(st.lists(st.lists(st.sampled_from([*WORDS, "无"]), max_size=6), max_size=12))
def test_a_list_is_its_texts_one_by_one(texts: list[list[str]]) -> None:
    """Encoding together changes nothing."""
    embedder = _memory_embedder()
    joined = [" ".join(words) for words in texts]
    together = embedder.encode(joined)
    assert together.shape == (len(texts), 8)
    for text, row in zip(joined, together, strict=True):
        np.testing.assert_array_equal(embedder.encode([text])[0], row)


def _memory_embedder() -> StaticEmbedder:
    tokenizer = Tokenizer(
        models.WordLevel({w: i for i, w in enumerate([*WORDS, "[UNK]"])}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return StaticEmbedder(tokenizer, np.vstack([table(), np.zeros((1, 8), np.float32)]), Spaces())


def test_pieces_of_an_unknown_word(tmp_path: Path) -> None:
    """With ``pieces`` a word that is not in the table is its longest parts that are, or nothing at all."""
    save_embedder(tmp_path, WORDS, table(), pieces=True)
    embedder = StaticEmbedder.open(tmp_path, Spaces())
    mean = table()[[2, 3]].mean(axis=0)
    found = embedder.encode(["华为手机", "华为牌", "咖啡机"])
    np.testing.assert_allclose(found[0], mean / np.linalg.norm(mean), atol=1e-6)
    assert found[1].tolist() == [0.0] * 8
    np.testing.assert_allclose(found[2], table()[0] / np.linalg.norm(table()[0]), atol=1e-6)


def test_float16_is_kept_and_mapped(tmp_path: Path) -> None:
    """Half precision stays so on the disk, answers are float32, and the table cannot be written to."""
    save_embedder(tmp_path, WORDS, table().astype(np.float16))
    embedder = StaticEmbedder.open(tmp_path, Spaces())
    half = table().astype(np.float16)[0].astype(np.float32)
    np.testing.assert_allclose(embedder.encode(["咖啡机"])[0], half / np.linalg.norm(half), atol=1e-6)
    assert embedder._table.dtype == np.float16
    assert not embedder._table.flags.writeable
    assert isinstance(embedder._table.base, np.memmap)


@pytest.mark.parametrize(
    ("words", "matrix", "reason"),
    [
        (["a", "a"], np.ones((2, 3)), "twice"),
        (["a b"], np.ones((1, 3)), "not a word"),
        ([""], np.ones((1, 3)), "not a word"),
        (["[UNK]"], np.ones((1, 3)), "not a word"),
        (["a"], np.ones((2, 3)), "finite row"),
        (["a"], np.full((1, 3), np.nan), "finite row"),
    ],
)
def test_wrong_tables_are_refused(
    tmp_path: Path, words: list[str], matrix: np.ndarray, reason: str
) -> None:
    """Words and rows must fit each other."""
    with pytest.raises(ValueError, match=reason):
        save_embedder(tmp_path, words, matrix)


@pytest.mark.parametrize("damage", [b"", b"\x00" * 4, b"\xff" * 64, b"\x02\x00\x00\x00\x00\x00\x00\x00{}"])
def test_a_damaged_table_is_refused(tmp_path: Path, damage: bytes) -> None:
    """A table that cannot be read is an error that names the file."""
    save_embedder(tmp_path, WORDS, table())
    (tmp_path / "embeddings.safetensors").write_bytes(damage)
    with pytest.raises(ValueError, match=r"embeddings\.safetensors"):
        StaticEmbedder.open(tmp_path, Spaces())


def test_a_table_that_lost_rows_is_refused(tmp_path: Path) -> None:
    """The tokenizer and the table must fit."""
    save_embedder(tmp_path, WORDS, table())
    save_file({"embedding.weight": table(3)}, tmp_path / "embeddings.safetensors")
    with pytest.raises(ValueError, match="expected"):
        StaticEmbedder.open(tmp_path, Spaces())


def _raw_model(folder: Path, tensors: dict[str, np.ndarray]) -> None:
    """A StaticEmbedding module that splits text by itself, as sentence-transformers saves it."""
    folder.mkdir(parents=True)
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="15"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.enable_padding(length=9)
    tokenizer.enable_truncation(2)
    tokenizer.save(str(folder / "tokenizer.json"))
    save_file(tensors, folder / "model.safetensors")


@pytest.mark.parametrize("module", [".", "0_StaticEmbedding"])
def test_import_of_a_saved_model(tmp_path: Path, module: str) -> None:
    """A module's folder, or a whole model that names it; the tokenizer gets the raw text, all of it."""
    model = tmp_path / "model"
    _raw_model(model / module, {"embedding.weight": table()})
    if module != ".":
        modules = [{"type": "sentence_transformers.models.StaticEmbedding", "path": module}]
        (model / "modules.json").write_text(json.dumps(modules))
    import_static_embedding(model, tmp_path / "ours")
    mean = table()[[0, 1, 2]].mean(axis=0)
    found = StaticEmbedder.open(tmp_path / "ours", Spaces()).encode(["咖啡机 咖啡 华为"])[0]
    np.testing.assert_allclose(found, mean / np.linalg.norm(mean), atol=1e-6)


def test_import_of_a_model2vec_table(tmp_path: Path) -> None:
    """Shared vectors and weights of tokens are folded into one row a token."""
    mapping, weights = np.array([0, 0, 1, 1, 2, 2]), np.arange(1, 7, dtype=np.float32)
    _raw_model(tmp_path / "m", {"embeddings": table(3), "mapping": mapping, "weights": weights})
    import_static_embedding(tmp_path / "m", tmp_path / "ours")
    mean = (table(3)[0] * 2 + table(3)[1] * 3) / 2
    found = StaticEmbedder.open(tmp_path / "ours", Spaces()).encode(["咖啡 华为"])[0]
    np.testing.assert_allclose(found, mean / np.linalg.norm(mean), atol=1e-6)


def test_the_sums_of_the_words_make_the_vector_of_a_text(embedder: StaticEmbedder) -> None:
    """A build that has analysed the titles need look up each word only once."""
    assert embedder.takes_words
    for text in ("咖啡机 咖啡", "华为 iphone 15 15", "?"):
        vector = embedder.sums(text.split()).sum(axis=0, keepdims=True)
        to_unit_length(vector)
        np.testing.assert_allclose(vector, embedder.encode([text]), atol=1e-6)
    assert embedder.sums([]).shape == (0, embedder.dimension)


def test_import_of_an_embedder_of_ours(tmp_path: Path) -> None:
    """What a former build made is taken as it is: the same vectors, of the analyser's words."""
    save_embedder(tmp_path / "old", WORDS, table(len(WORDS)), pieces=True)
    import_static_embedding(tmp_path / "old", tmp_path / "new")
    texts = ["咖啡机 咖啡", "华为 iphone", ""]
    old, new = (StaticEmbedder.open(tmp_path / name, Spaces()).encode(texts) for name in ("old", "new"))
    np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("missing", ["tokenizer.json", "embeddings.safetensors"])
def test_half_an_embedder_of_ours_is_refused(tmp_path: Path, missing: str) -> None:
    """Nothing is written from it."""
    save_embedder(tmp_path / "old", WORDS, table(len(WORDS)))
    (tmp_path / "old" / missing).unlink()
    with pytest.raises(ValueError, match="not an embedder"):
        import_static_embedding(tmp_path / "old", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("tensors", [{"other": table()}, {"embedding.weight": table(2)}, None])
def test_what_is_no_model_is_refused(tmp_path: Path, tensors: dict[str, np.ndarray] | None) -> None:
    """No table, a table too short, or no files at all."""
    if tensors is not None:
        _raw_model(tmp_path / "m", tensors)
    with pytest.raises(ValueError, match="m:"):
        import_static_embedding(tmp_path / "m", tmp_path / "ours")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the library's own
def test_equals_sentence_transformers(tmp_path: Path) -> None:
    """The same vectors as the library gives, to 1e-6, for a model that it saved itself."""
    library = pytest.importorskip("sentence_transformers")
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="15"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    model = library.SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=table())], device="cpu"
    )
    model.save(str(tmp_path / "saved"))
    import_static_embedding(tmp_path / "saved", tmp_path / "ours")
    texts = ["咖啡机 咖啡", "华为 华为 手机 x", "iphone", "一 二"]
    theirs = model.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(
        StaticEmbedder.open(tmp_path / "ours", Spaces()).encode(texts), theirs, atol=1e-6
    )

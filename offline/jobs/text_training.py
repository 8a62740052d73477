"""Train a static embedding with sentence-transformers: nothing is fetched, tracked or left behind."""

from __future__ import annotations

import os
import tempfile
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from indexing.contracts.errors import MissingExtra
from indexing.vectors.embedder_files import UNKNOWN, word_tokenizer
from offline.jobs.progress import Progress

_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "true",
}


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How it is trained.

    Attributes:
        batch: pairs in a batch; each is told from all the others of it.
        rate: of Adam; static embeddings want a hundred times that of a transformer.
        scale: of the cosine in the loss.
    """

    batch: int = 1024
    rate: float = 0.1
    epochs: int = 2
    scale: float = 20.0
    threads: int = 2
    seed: int = 0


def train(
    words: tuple[str, ...],
    vectors: npt.NDArray[np.float32],
    pairs: tuple[list[str], list[str]],
    config: TrainingConfig,
    progress: Progress,
) -> npt.NDArray[np.float32]:
    """Multiple negatives ranking (Henderson et al. 2017): each left text is to find its right one.

    Args:
        vectors: where to start, float32 (len(words), dimension).
        pairs: spaced tokens, left and right.

    Returns:
        float32 of the shape of ``vectors``.

    Raises:
        MissingExtra: sentence-transformers is not installed.
    """
    for name, value in _OFFLINE.items():  # read by the libraries when they are imported
        os.environ.setdefault(name, value)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of libraries about one another, on every import
            return _train(words, vectors, pairs, config, progress)
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "sentence-transformers", "jobs") from error


def _train(
    words: tuple[str, ...],
    vectors: npt.NDArray[np.float32],
    pairs: tuple[list[str], list[str]],
    config: TrainingConfig,
    progress: Progress,
) -> npt.NDArray[np.float32]:
    import torch
    from datasets import Dataset
    from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from transformers import PrinterCallback

    threads = torch.get_num_threads()
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    vocabulary = {word: place for place, word in enumerate([*words, UNKNOWN])}
    unknown = np.zeros((1, vectors.shape[1]), np.float32)
    module = StaticEmbedding(
        word_tokenizer(vocabulary, pieces=True), embedding_weights=np.vstack([vectors, unknown])
    )
    model = SentenceTransformer(modules=[module], device="cpu")
    model.model_card_data.widget = [{"text": ""}]  # else it looks for examples, with a bar of its own
    with tempfile.TemporaryDirectory(prefix="daogou-text-") as folder:
        trainer = SentenceTransformerTrainer(
            model=model,
            args=_arguments(folder, config, len(pairs[0])),
            train_dataset=Dataset.from_dict({"left": pairs[0], "right": pairs[1]}),
            loss=MultipleNegativesRankingLoss(model, scale=config.scale),
            callbacks=[_telling(progress)],
        )
        trainer.remove_callback(PrinterCallback)  # it prints
        trainer.train()
    torch.set_num_threads(threads)
    trained: npt.NDArray[np.float32] = module.embedding.weight.detach().numpy()[: len(words)].copy()
    return trained


def _arguments(folder: str, config: TrainingConfig, pairs: int) -> Any:
    from sentence_transformers import SentenceTransformerTrainingArguments

    batch = min(config.batch, pairs)
    steps = config.epochs * -(-pairs // batch)
    return SentenceTransformerTrainingArguments(
        output_dir=folder,
        num_train_epochs=config.epochs,
        per_device_train_batch_size=batch,
        learning_rate=config.rate,
        warmup_steps=steps // 10,
        seed=config.seed,
        data_seed=config.seed,
        use_cpu=True,
        dataloader_pin_memory=False,
        disable_tqdm=True,
        logging_strategy="no",
        save_strategy="no",
        report_to="none",
        push_to_hub=False,
    )


def _telling(progress: Progress) -> Any:
    from transformers import TrainerCallback

    class Telling(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
            progress("text vectors", state.global_step, state.max_steps)

    return Telling()

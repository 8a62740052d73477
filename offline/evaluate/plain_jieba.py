"""jieba as it comes: the baseline's words and the oracle of the segmenter."""

from __future__ import annotations

import logging
import tempfile
import warnings
from functools import cache
from typing import Any


@cache
def tokenizer() -> Any:
    """One tokenizer a process, with jieba's own dictionary."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source has invalid escapes and imports pkg_resources
        import jieba

    jieba.setLogLevel(logging.WARNING)
    made = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as folder:
        made.tmp_dir = folder  # unless told otherwise it reads a file of a predictable name
        made.initialize()
    return made

"""Every published figure can be made again: the command, the data's hashes, the machine, the scores."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path

import msgspec

TOLD = (
    "numpy",
    "tantivy",
    "faiss-cpu",
    "rjieba",
    "jieba",
    "opencc",
    "implicit",
    "sentence-transformers",
    "torch",
)


class Machine(msgspec.Struct, frozen=True):
    """What it ran on."""

    processor: str
    cores: int
    python: str
    versions: dict[str, str]


class Record(msgspec.Struct, frozen=True):
    """One result.

    Attributes:
        inputs: SHA-256 by file, of the data that was read; of a folder the names and sizes of its log.
    """

    command: str
    seconds: float
    inputs: dict[str, str]
    machine: Machine
    result: msgspec.Raw


def write_record(
    path: Path, result: msgspec.Struct, *, command: str, seconds: float, inputs: Mapping[str, Path]
) -> None:
    """Write a result as JSON; folders above it are made.

    Args:
        inputs: files and folders by the name under which they are told (never by their own path).
    """
    found = Record(
        command=command,
        seconds=round(seconds, 1),
        inputs={name: hash_of(one) for name, one in inputs.items()},
        machine=machine(),
        result=msgspec.Raw(msgspec.json.encode(result)),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")


def hash_of(path: Path) -> str:
    """SHA-256 of a file, or of the names, sizes and bytes of all files in a folder, by name."""
    digest = hashlib.sha256()
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in files:
        if file.is_file():
            if path.is_dir():
                digest.update(f"{file.relative_to(path)} {file.stat().st_size}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def machine() -> Machine:
    """This one."""
    known = {one.name.lower(): one.version for one in distributions()}
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        python=platform.python_version(),
        versions={name: known[name] for name in TOLD if name in known},
    )


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())

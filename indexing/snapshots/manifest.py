"""``manifest.json``: what a snapshot is, from what it was made, and how good it is."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec

from indexing.contracts.errors import SnapshotBroken, SnapshotMissing, SnapshotNewer
from indexing.contracts.shop import Shop
from indexing.vectors import IndexReport

FORMAT = 1
MANIFEST_FILE = "manifest.json"

_LIBRARIES = (
    "faiss-cpu",
    "jieba",
    "msgspec",
    "numpy",
    "opencc",
    "pyarrow",
    "rjieba",
    "tantivy",
    "tokenizers",
)


class FileEntry(msgspec.Struct, frozen=True):
    """Of one file: its length, and its SHA-256 in hexadecimal."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a snapshot is.

    Attributes:
        format: of the folder; a reader refuses a higher one than :data:`FORMAT`.
        name: of the folder.
        shop: what the shop declared when it was built; ``shop_hash`` is its hash.
        catalogue_seq: the last catalogue change that it holds.
        rows: items.
        inputs: hash by name of what the build read.
        configuration: of the build.
        text_fingerprint: what the analyser made of the golden titles.
        timings: seconds by stage.
        sizes: bytes by folder.
        counts: whatever was counted (events read, shoppers, queries).
        quality: measures where more is better; compared with the snapshot served when publishing.
        indexes: report by name of the vector index.
        models: names of the folders under ``models/``.
        files: by path from the snapshot's folder; all but the manifest itself and lock files.
        libraries: versions that wrote it.
    """

    format: int
    name: str
    created_at: datetime
    shop: Shop
    shop_hash: str
    catalogue_seq: int
    rows: int
    seed: int
    inputs: dict[str, str]
    configuration: dict[str, Any]
    text_fingerprint: str
    timings: dict[str, float]
    sizes: dict[str, int]
    counts: dict[str, int]
    quality: dict[str, float]
    indexes: dict[str, IndexReport]
    models: list[str]
    files: dict[str, FileEntry]
    libraries: dict[str, str]

    def write(self, folder: Path) -> None:
        """Write ``manifest.json``."""
        (folder / MANIFEST_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(self)))


class _Format(msgspec.Struct):
    format: int


def read_manifest(folder: Path) -> Manifest:
    """Read a snapshot's manifest.

    Raises:
        SnapshotMissing: there is no such folder.
        SnapshotBroken: the manifest is absent or damaged.
        SnapshotNewer: it was written by a newer daogou.
    """
    if not folder.is_dir():
        raise SnapshotMissing(f"there is no snapshot {folder.name}", path=str(folder))
    try:
        raw = (folder / MANIFEST_FILE).read_bytes()
        number = msgspec.json.decode(raw, type=_Format).format  # first: a newer one may hold anything else
        if number > FORMAT:
            raise SnapshotNewer(
                f"{folder.name} has format {number}, this daogou reads up to {FORMAT}: install a newer one",
                path=str(folder),
            )
        return msgspec.json.decode(raw, type=Manifest)
    except (OSError, ValueError) as error:
        raise SnapshotBroken(
            f"{folder / MANIFEST_FILE} cannot be read: {error}", path=str(folder)
        ) from error


def list_files(folder: Path) -> list[str]:
    """Paths of the files that a manifest lists, sorted. tantivy's lock files come and go."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST_FILE and path.suffix != ".lock"
    )


def hash_files(folder: Path, paths: list[str]) -> dict[str, FileEntry]:
    """Length and hash of files; hashing leaves the interpreter to others, so two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(paths, pool.map(lambda path: _entry(folder / path), paths), strict=True))


def library_versions() -> dict[str, str]:
    """Versions of the libraries whose files or results a snapshot holds."""
    found: dict[str, str] = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # rjieba has no wheel everywhere
            continue
    return found


def _entry(path: Path) -> FileEntry:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileEntry(file.tell(), digest)

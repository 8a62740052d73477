"""The shop's own secrets: files of 32 random bytes in hexadecimal, readable by their owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from indexing.contracts.errors import ConfigError

SECRETS = ("cursor", "users")
"""What a service signs with: pages to come, and who a browser may say it is."""

_SHORTEST = 32


def open_secret(folder: Path, name: str) -> bytes:
    """The secret ``<name>.key``, made at its first use.

    Two processes may come at once: the file is linked into place whole, and the first wins.

    Raises:
        ConfigError: the file cannot be read or made, or was emptied or cut: what it signs could be forged.
    """
    path = folder / f"{name}.key"
    try:
        if not path.exists():
            _make(path)
        secret = path.read_bytes().strip()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", field="secrets") from error
    if len(secret) < _SHORTEST:
        detail = f"{path} holds no secret: remove the file, and a new one is made; what it signed is void"
        raise ConfigError(detail, field="secrets")
    return secret


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.stem}.{os.getpid()}.{secrets.token_hex(4)}")
    write_private(draft, secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner reads."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())

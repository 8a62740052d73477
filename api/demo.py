"""The key that our own pages carry: the shop's, or one that works on this machine only."""

from __future__ import annotations

import os
from pathlib import Path

import structlog

from api.keys import is_loopback
from api.secrets import write_private
from api.settings import Settings
from indexing.contracts.errors import ConfigError
from indexing.journal import Journal, hash_key

_log = structlog.get_logger("api.demo")
_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def page_key(settings: Settings, journal: Journal) -> str | None:
    """The browser's key of the storefront's pages, None when they shall send nothing.

    Without ``DAOGOU_STOREFRONT_KEY``, on loopback, a demo's key is made and kept in ``secrets/demo.key``.

    Raises:
        ConfigError: the file cannot be read or made.
    """
    if settings.storefront_key is not None:
        return settings.storefront_key.get_secret_value()
    if not (settings.host in _NAMES or is_loopback(settings.host)):
        _log.warning("the pages send no events: DAOGOU_STOREFRONT_KEY is not set")
        return None
    path = settings.secrets / "demo.key"
    try:
        return _demo_key(path, journal)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read or made: {error.strerror}", field="secrets") from error


def _demo_key(path: Path, journal: Journal) -> str:
    held = path.read_text(encoding="ascii", errors="replace").strip() if path.exists() else None
    if held is not None and journal.control.find_key(hash_key(held)) is not None:
        return held
    _, secret = journal.control.create_key(["storefront"], "demo", loopback_only=True, actor="serve")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".demo.{os.getpid()}")
    draft.unlink(missing_ok=True)
    write_private(draft, secret)
    draft.replace(path)
    return secret

"""What the serving processes are told from outside; read once, at the entry point."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from indexing.contracts.errors import ConfigError


class Settings(BaseSettings):
    """Read from the environment, each name after ``DAOGOU_``.

    Attributes:
        home: the shop's folder.
        host, port: where ``serve`` listens. Anything but loopback is meant for a proxy with TLS in front.
        workers: API processes.
        most_waiting: requests that may wait for a worker's engine; further ones are told 503.
        deadline_ms: of a search; stages that would end later are skipped, with a note.
        cursor_seconds: how long a cursor of recommendation may be used.
        feature_share: share of answers whose features are logged in ``shown``.
        poll_seconds: how often a worker looks for a new snapshot, rules, profiles, keys.
        drain_seconds: how long requests in flight may take when the service stops.
        storefront: serve the storefront's pages at ``/``.
        storefront_key: the browser's key in those pages; on loopback a demo's key is made without it.
        log_format: ``json`` for machines, ``text`` for people.
    """

    model_config = SettingsConfigDict(env_prefix="DAOGOU_", extra="ignore", frozen=True)

    home: Path = Path("daogou-data")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=2, ge=1, le=64)
    most_waiting: int = Field(default=64, ge=1, le=10_000)
    deadline_ms: float = Field(default=300.0, gt=0, le=60_000)
    cursor_seconds: int = Field(default=3600, ge=1, le=7 * 86400)
    feature_share: float = Field(default=0.02, ge=0, le=1)
    poll_seconds: float = Field(default=0.25, gt=0, le=60)
    drain_seconds: int = Field(default=10, ge=0, le=600)
    storefront: bool = True
    storefront_key: SecretStr | None = None
    log_format: Literal["json", "text"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def secrets(self) -> Path:
        """The folder of the shop's secrets."""
        return self.home / "secrets"


def read_settings(given: dict[str, Any] | None = None) -> Settings:
    """The settings of this process: what is given, else the environment, else the defaults.

    Raises:
        ConfigError: a value that cannot be, with its name.
    """
    try:
        return Settings(**(given or {}))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        detail = f"DAOGOU_{name.upper()} is {first.get('input')!r}: {first['msg']}"
        raise ConfigError(detail, field=name, code="bad_setting") from None

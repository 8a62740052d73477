"""Health."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.types.shared import Note, Version


class Health(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether the service is up."""

    status: Annotated[str, Meta(description="`ok`, or `not_ready` with what is missing.")]
    version: Version | None = None
    missing: list[Note] = []

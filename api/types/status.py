"""Health."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from api.types.shared import Note, Version


class Health(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether the service is up."""

    status: Annotated[str, Meta(description="`ok`; what is not ready answers 503.")]
    version: Version | None = None
    notes: Annotated[list[Note], Meta(description="What is not as it should be, and hinders nothing.")] = []

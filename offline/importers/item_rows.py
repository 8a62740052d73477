"""Rows on their way from the processes that read a file of items to the one that stores them."""

from __future__ import annotations

import msgspec

from indexing.contracts.errors import InputError
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop
from indexing.journal import states
from offline.importers.shares import Share


class Fault(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """An ``InputError`` on its way between processes."""

    detail: str
    field: str | None
    code: str

    @classmethod
    def of(cls, error: InputError) -> Fault:
        """Of an error."""
        # a message holds Unicode text only, and a lone surrogate is none
        return cls(error.detail.encode("utf-8", "backslashreplace").decode(), error.field, error.code)

    def error(self) -> InputError:
        """The error again."""
        return InputError(self.detail, field=self.field, code=self.code)


class Read(msgspec.Struct, frozen=True, array_like=True):
    """A row: what it puts into the catalogue, or why it is no item."""

    row: int
    put: states.Put | None
    fault: Fault | None = None


class Asked(msgspec.Struct, frozen=True):
    """What is read: the first message to the worker."""

    path: str
    shop: Shop
    share: Share


class Rows(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A chunk of the file."""

    chunk: int
    rows: list[Read]


def read(row: int, item: Item | InputError) -> Read:
    """A row as it is sent."""
    try:
        if isinstance(item, InputError):
            raise item
        return Read(row, states.put(item))
    except InputError as error:
        return Read(row, None, Fault.of(error))

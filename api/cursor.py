"""The cursor of a recommended list: the ids still to come, signed. Any worker continues it."""

from __future__ import annotations

import msgspec
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from indexing.contracts.errors import InputError

MOST_IDS = 100
_LONGEST = 64_000


class Upcoming(msgspec.Struct, frozen=True, array_like=True):
    """One place of a page to come: the item, what brought it, and the reason."""

    item_id: str
    source: str
    score: float
    reason: str
    because: str | None = None


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a list goes on.

    Attributes:
        scenario: of the list; a cursor continues only its own.
        first_request_id: of the first page (``page_of`` in ``shown``).
        position: of the next item, 1-based.
        upcoming: at most 100.
    """

    scenario: str
    first_request_id: str
    position: int
    upcoming: list[Upcoming]


class CursorBox:
    """Signs and reads cursors.

    Args:
        secret: of the shop.
        seconds: how long a cursor may be used.
    """

    def __init__(self, secret: bytes, *, seconds: int) -> None:
        self._seconds = seconds
        self._serializer = URLSafeTimedSerializer(secret, salt="daogou.cursor.1", serializer=_Json)

    def seal(self, cursor: Cursor) -> str:
        """The cursor as text for an address or a body."""
        return str(self._serializer.dumps(cursor))

    def open(self, text: str, *, scenario: str) -> Cursor:
        """Read a cursor.

        Raises:
            InputError: ``bad_cursor`` (not made here, or changed), ``expired_cursor``, or ``wrong_cursor``
                for another scenario.
        """
        if len(text) > _LONGEST:
            raise _fault("bad_cursor", "was not made by this shop; ask for the first page again")
        try:
            cursor = msgspec.convert(self._serializer.loads(text, max_age=self._seconds), Cursor)
        except SignatureExpired:
            raise _fault(
                "expired_cursor", f"is older than {self._seconds} s; ask for the first page again"
            ) from None
        except (BadSignature, msgspec.ValidationError, UnicodeError):
            raise _fault("bad_cursor", "was not made by this shop; ask for the first page again") from None
        if cursor.scenario != scenario:
            raise _fault("wrong_cursor", f"continues the scenario {cursor.scenario}, not {scenario}")
        return cursor


class _Json:
    """msgspec, as itsdangerous wants a serializer."""

    @staticmethod
    def dumps(value: object) -> str:
        return msgspec.json.encode(value).decode()

    @staticmethod
    def loads(text: str | bytes) -> object:
        return msgspec.json.decode(text)


def _fault(code: str, what: str) -> InputError:
    return InputError(f"the cursor {what}", field="cursor", code=code)

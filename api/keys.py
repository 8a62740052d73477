"""Who is asking, and may they. The control database holds only the SHA-256 of a key."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from api.problems import ScopeError
from indexing.contracts.errors import AccessError, JournalError
from indexing.journal import KeyRow, Scope, hash_key

FRESH_SECONDS = 0.5
"""A key that was made, revoked or changed is so in every worker within this."""
STALE_SECONDS = 300.0
"""While the control database cannot be read, keys that were good stay good for so long."""
_MOST = 1024


class KeyStore(Protocol):
    """The part of ``journal.control`` that is needed here."""

    def find_key(self, sha256: str) -> KeyRow | None: ...

    def list_keys(self) -> Sequence[KeyRow]: ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever holds a key.

    Attributes:
        is_browser: the key stands in pages that anyone can read: it speaks for a client, and for a user
            only with a token.
    """

    key_id: str
    scopes: frozenset[str]

    @property
    def is_browser(self) -> bool:
        return self.scopes == {"storefront"}


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a request comes from.

    Attributes:
        token: of the ``Authorization`` header (or of a beacon's body), None without one.
        origin: of the page that sent it, None when it is no page of another origin.
        address: of the peer.
    """

    token: str | None
    origin: str | None
    address: str


class Keyring:
    """Keys, remembered for half a second each.

    Args:
        store: where they are kept.
        clock: seconds, monotonic.
    """

    def __init__(self, store: KeyStore, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._found: OrderedDict[str, tuple[KeyRow | None, float]] = OrderedDict()
        self._origins: tuple[frozenset[str], float] = (frozenset(), -1e9)

    def admit(self, visit: Visit, scope: Scope) -> Caller:
        """Whoever asks, when they may.

        Raises:
            AccessError: 401 without a key that is known and in force, 403 where it does not reach.
        """
        if visit.token is None:
            raise AccessError("no key was given; expected the header Authorization: Bearer dg_…")
        key = self._find(hash_key(visit.token))
        if key is None:
            raise AccessError("this key is not known, was revoked or has expired")
        if key.loopback_only and not is_loopback(visit.address):
            raise ScopeError("this key works on this machine only", code="loopback_only")
        if visit.origin is not None and key.origins and visit.origin not in key.origins:
            raise ScopeError(
                f"this key is not for pages of {visit.origin[:200]}", code="origin_not_allowed"
            )
        if scope not in key.scopes:
            held = ", ".join(key.scopes)
            raise ScopeError(f"this needs a key with the scope {scope}; this one has {held}")
        return Caller(key.key_id, frozenset(key.scopes))

    def allows_origin(self, origin: str) -> bool:
        """Whether pages of this origin may read answers at all; each key decides for itself later."""
        names, at = self._origins
        if self._clock() - at > FRESH_SECONDS:
            names = self._read_origins(names)
            self._origins = (names, self._clock())
        return "*" in names or origin in names

    def _find(self, sha256: str) -> KeyRow | None:
        held = self._found.get(sha256)
        if held is not None and self._clock() - held[1] < FRESH_SECONDS:
            return held[0]
        try:
            key = self._store.find_key(sha256)
        except JournalError:
            if held is None or held[0] is None or self._clock() - held[1] > STALE_SECONDS:
                raise
            return held[0]
        self._found[sha256] = (key, self._clock())
        self._found.move_to_end(sha256)
        while len(self._found) > _MOST:  # guesses must not fill the memory
            self._found.popitem(last=False)
        return key

    def _read_origins(self, before: frozenset[str]) -> frozenset[str]:
        try:
            keys = self._store.list_keys()
        except JournalError:
            return before
        usable = (key for key in keys if key.revoked_at is None and "storefront" in key.scopes)
        return frozenset(origin for key in usable for origin in key.origins or ("*",))


def bearer(header: str | None) -> str | None:
    """The token of an ``Authorization`` header, None when it names another scheme or nothing."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def is_loopback(address: str) -> bool:
    """Whether a peer's address is this machine's own; a Unix socket has none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address == ""
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback

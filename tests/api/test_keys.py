"""Keys: remembered for half a second, refused in words, good through a broken disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.keys import Keyring, Visit, bearer, is_loopback
from indexing.contracts.errors import AccessError, JournalError
from indexing.journal import KeyRow, open_journal


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Store:
    """The control database, and how often it was asked."""

    def __init__(self, home: Path) -> None:
        self.control = open_journal(home).control
        self.asked = 0
        self.broken = False

    def find_key(self, sha256: str) -> KeyRow | None:
        self.asked += 1
        if self.broken:
            raise JournalError("gone")
        return self.control.find_key(sha256)

    def list_keys(self) -> list[KeyRow]:
        if self.broken:
            raise JournalError("gone")
        return self.control.list_keys()


def visit(token: str | None, origin: str | None = None) -> Visit:
    """From this machine."""
    return Visit(token, origin, "127.0.0.1")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Empty."""
    return Store(tmp_path)


def test_revoked_within_a_second(store: Store) -> None:
    """Asked once in half a second; then a revoked key is refused."""
    clock = Clock()
    ring = Keyring(store, clock=clock)
    row, secret = store.control.create_key(["storefront"], "k")
    for _ in range(5):
        assert ring.admit(visit(secret), "storefront").key_id == row.key_id
    assert store.asked == 1
    store.control.revoke_key(row.key_id, "test")
    clock.now = 0.6
    with pytest.raises(AccessError, match="revoked"):
        ring.admit(visit(secret), "storefront")


def test_expired(store: Store) -> None:
    """An end in the past is an end."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    _, secret = store.control.create_key(["storefront"], "k", expires_at=past)
    with pytest.raises(AccessError):
        Keyring(store).admit(visit(secret), "storefront")


def test_a_broken_disk_locks_nobody_out_at_once(store: Store) -> None:
    """Keys that were good stay good for five minutes; unknown ones are nobody's."""
    clock = Clock()
    ring = Keyring(store, clock=clock)
    _, secret = store.control.create_key(["storefront"], "k")
    ring.admit(visit(secret), "storefront")
    store.broken = True
    clock.now = 200
    assert ring.admit(visit(secret), "storefront")
    with pytest.raises(JournalError):
        ring.admit(visit("dg_other"), "storefront")
    clock.now = 301
    with pytest.raises(JournalError):
        ring.admit(visit(secret), "storefront")
    assert ring.allows_origin("https://a") is False


def test_guesses_do_not_fill_the_memory(store: Store) -> None:
    """The oldest are forgotten."""
    ring = Keyring(store)
    for number in range(1100):
        with pytest.raises(AccessError):
            ring.admit(visit(f"dg_{number}"), "storefront")
    assert len(ring._found) == 1024


def test_no_secret_in_what_is_said(store: Store) -> None:
    """Not in errors, not in the database."""
    _, secret = store.control.create_key(["analyst"], "k")
    for token in (secret, "dg_guess"):
        with pytest.raises(AccessError) as caught:
            Keyring(store).admit(visit(token), "storefront")
        assert token not in str(caught.value)
    assert secret not in repr(store.control.list_keys())


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer dg_x", "dg_x"),
        ("bearer  dg_x ", "dg_x"),
        ("Basic dg_x", None),
        ("dg_x", None),
        ("", None),
        (None, None),
    ],
)
def test_bearer(header: str | None, token: str | None) -> None:
    """The scheme in any case, nothing else."""
    assert bearer(header) == token


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("", True),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("localhost", False),
        ("testclient", False),
    ],
)
def test_loopback(address: str, ours: bool) -> None:
    """Addresses, never names: a name is whatever somebody says."""
    assert is_loopback(address) is ours

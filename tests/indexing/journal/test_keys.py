"""API keys."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from indexing.contracts.errors import InputError, NotFoundError
from indexing.journal import Journal, hash_key, open_journal

DAY = timedelta(days=1)


def test_key_is_found_by_its_hash(journal: Journal) -> None:
    """The secret is shown once; afterwards only its hash leads to the row, in every process."""
    end = datetime.now(UTC) + DAY
    key, secret = journal.control.create_key(
        ["analyst", "storefront"], "web", origins=["https://b.example", "https://a.example"], expires_at=end
    )
    assert re.fullmatch(r"dg_[A-Za-z0-9_-]{32}", secret)
    assert (key.scopes, key.origins) == (
        ("storefront", "analyst"),
        ("https://a.example", "https://b.example"),
    )
    assert (key.name, key.expires_at, key.loopback_only, key.revoked_at) == ("web", end, False, None)
    with open_journal(journal.home) as other:
        assert other.control.find_key(hash_key(secret)) == key
        assert other.control.find_key(hash_key(secret + "x")) is None
        assert other.control.list_keys() == [key]


def test_the_secret_is_stored_nowhere(journal: Journal) -> None:
    """No byte of the journal holds a secret, not even the audit."""
    secrets = [journal.control.create_key(["operator"], f"k{n}", actor="ann")[1] for n in range(3)]
    journal.control.rotate_key(journal.control.list_keys()[0].key_id, "ann")
    held = b"".join(path.read_bytes() for path in (journal.home / "journal").iterdir())
    assert not any(secret.encode() in held or secret[3:].encode() in held for secret in secrets)


def test_expired_and_revoked_keys_are_not_found(journal: Journal) -> None:
    """A key is good until it expires or is revoked, and at once no longer; the list still shows it."""
    control = journal.control
    _, old = control.create_key(["storefront"], "old", expires_at=datetime.now(UTC) - DAY)
    key, secret = control.create_key(["storefront"], "web")
    assert control.find_key(hash_key(old)) is None
    assert control.find_key(hash_key(secret)) is not None
    revoked = control.revoke_key(key.key_id, "ann")
    assert revoked.revoked_at is not None
    assert control.revoke_key(key.key_id, "bob") == revoked
    assert control.find_key(hash_key(secret)) is None
    assert [k.name for k in control.list_keys()] == ["old", "web"]


def test_rotation_makes_one_like_it(journal: Journal) -> None:
    """The new key may do the same; the old one ends now, or after the time of grace."""
    control = journal.control
    key, secret = control.create_key(
        ["storefront"], "web", origins=["https://a.example"], loopback_only=True
    )
    second, other = control.rotate_key(key.key_id, "ann", grace=DAY)
    assert (second.scopes, second.origins, second.name, second.loopback_only) == (
        key.scopes,
        key.origins,
        key.name,
        True,
    )
    found = control.find_key(hash_key(secret))
    assert found is not None
    assert found.expires_at is not None
    assert abs(found.expires_at - datetime.now(UTC) - DAY) < timedelta(minutes=1)
    control.rotate_key(second.key_id, "ann")
    assert control.find_key(hash_key(other)) is None


def test_rotation_never_makes_a_key_last_longer(journal: Journal) -> None:
    """A key that ends tomorrow still ends tomorrow, and so does the one that follows it."""
    end = datetime.now(UTC) + DAY
    key, secret = journal.control.create_key(["storefront"], "web", expires_at=end)
    new, _ = journal.control.rotate_key(key.key_id, "ann", grace=7 * DAY)
    found = journal.control.find_key(hash_key(secret))
    assert found is not None
    assert (found.expires_at, new.expires_at) == (end, end)


def test_what_is_wrong_is_said(journal: Journal) -> None:
    """Unknown scopes, no scopes, unknown keys, revoked keys."""
    control = journal.control
    for scopes in ([], ["admin"], ["storefront", "root"]):
        with pytest.raises(InputError, match="storefront, merchandiser, analyst, operator"):
            control.create_key(scopes, "x")
    for call in (control.revoke_key, control.rotate_key):
        with pytest.raises(NotFoundError):
            call("nobody", "ann")
    with pytest.raises(InputError, match="time zone"):
        control.create_key(["storefront"], "x", expires_at=datetime(2030, 1, 1))  # noqa: DTZ001
    assert control.list_keys() == []
    key, _ = control.create_key(["storefront"], "x")
    control.revoke_key(key.key_id, "ann")
    with pytest.raises(InputError, match="revoked"):
        control.rotate_key(key.key_id, "ann")


def test_each_step_is_audited(journal: Journal) -> None:
    """Who made, rotated and revoked a key."""
    key, _ = journal.control.create_key(["storefront"], "x", actor="ann")
    second, _ = journal.control.rotate_key(key.key_id, "bob")
    journal.control.revoke_key(second.key_id, "cid")
    assert [(r.actor, r.action, r.subject) for r in reversed(journal.control.audit())] == [
        ("ann", "key.create", key.key_id),
        ("bob", "key.create", second.key_id),
        ("bob", "key.rotate", key.key_id),
        ("cid", "key.revoke", second.key_id),
    ]

"""The key of our own pages."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from api.demo import page_key
from api.settings import Settings
from indexing.journal import hash_key, open_journal


def test_on_loopback_one_is_made_and_kept(tmp_path: Path) -> None:
    """For this machine only, for a storefront only, in a file of its owner."""
    settings = Settings(home=tmp_path)
    with open_journal(tmp_path) as journal:
        key = page_key(settings, journal)
        assert key is not None
        assert page_key(settings, journal) == key
        row = journal.control.find_key(hash_key(key))
        assert row is not None
        assert (row.scopes, row.loopback_only) == (("storefront",), True)
        assert stat.S_IMODE((tmp_path / "secrets" / "demo.key").stat().st_mode) == 0o600
        journal.control.revoke_key(row.key_id, "test")
        assert page_key(settings, journal) not in (None, key)


@pytest.mark.parametrize("host", ["::", "192.0.2.1", "shop.example"])
def test_elsewhere_none_is_made(tmp_path: Path, host: str) -> None:
    """Pages that anyone can open get the shop's own key or none."""
    with open_journal(tmp_path) as journal:
        assert page_key(Settings(home=tmp_path, host=host), journal) is None
        given = Settings(home=tmp_path, host=host, storefront_key="dg_own")  # type: ignore[arg-type]
        assert page_key(given, journal) == "dg_own"
        assert journal.control.list_keys() == []

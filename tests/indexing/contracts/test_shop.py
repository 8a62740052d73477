"""shop.toml: round trip, hash and refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing.contracts.errors import ConfigError
from indexing.contracts.shop import Attribute, Shop, dump_shop, load_shop

SHOP = Shop(name='小店 "一号"', attributes=(Attribute("颜色"), Attribute("power", "number", label="功率")))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Quotes and Chinese included; the hash stays."""
    (tmp_path / "shop.toml").write_text(dump_shop(SHOP), encoding="utf-8")
    read = load_shop(tmp_path / "shop.toml")
    assert (read, read.hash) == (SHOP, SHOP.hash)
    assert read.hash != Shop().hash


def test_a_folder_without_a_declaration_is_a_shop_with_the_defaults(tmp_path: Path) -> None:
    """CNY in Shanghai."""
    assert load_shop(tmp_path / "shop.toml") == Shop()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "shop.toml"),
        ("colour = 1", "colour"),
        ('currency = "yuan"', "ISO 4217"),
        ('time_zone = "Asia/Atlantis"', "IANA"),
        ("minor_digits = 9", "minor_digits"),
        ('[[attributes]]\nname = "a b"', "attribute name"),
        ('[[attributes]]\nname = "a"\n[[attributes]]\nname = "a"', "same name"),
        ('[[attributes]]\nname = "a"\ntype = "colour"', "type"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    """The error names what is wrong."""
    path = tmp_path / "shop.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        load_shop(path)

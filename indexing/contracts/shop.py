"""``shop.toml``: what a shop declares about itself, once.

Its hash stands in every manifest: to change it, build again.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from indexing.contracts.errors import ConfigError

AttributeType = Literal["text", "number", "flag"]
_NAME = re.compile(r"[^\W\d]\w{0,39}")


class Attribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A declared attribute. Undeclared ones are stored and shown, never filtered or counted.

    Attributes:
        name: a word of at most 40 letters, digits and underscores, Chinese included.
        type: ``text`` (one value or several), ``number`` or ``flag``.
        label: what the storefront calls it; the name itself when empty.
        facet: counted in search answers.
        filter: may stand in a filter expression.
        search: its values are words by which a product is found.
    """

    name: str
    type: AttributeType = "text"
    label: str = ""
    facet: bool = True
    filter: bool = True
    search: bool = True


class Shop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shop's declaration.

    Attributes:
        name: shown in the storefront's head.
        language: BCP 47 tag of the storefront's texts, ``zh-CN`` or ``en``.
        currency: ISO 4217 code; every ``price_minor`` is in its minor unit.
        minor_digits: decimal digits of the currency's minor unit (CNY 2, JPY 0).
        time_zone: IANA name, for days, rules and reports.
        attributes: the declared attributes, names unique.
    """

    name: str = "导购"
    language: Literal["zh-CN", "en"] = "zh-CN"
    currency: str = "CNY"
    minor_digits: int = 2
    time_zone: str = "Asia/Shanghai"
    attributes: tuple[Attribute, ...] = ()

    def __post_init__(self) -> None:
        names = [attribute.name for attribute in self.attributes]
        if len(set(names)) != len(names):
            raise ValueError("two attributes have the same name")
        for name in names:
            if not _NAME.fullmatch(name):
                raise ValueError(f"attribute name {name!r} is not a word of at most 40 letters")
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise ValueError(f"currency {self.currency!r} is not an ISO 4217 code such as CNY")
        if not 0 <= self.minor_digits <= 4:
            raise ValueError(f"minor_digits {self.minor_digits} is not between 0 and 4")
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"time_zone {self.time_zone!r} is not an IANA name") from error

    @property
    def hash(self) -> str:
        """SHA-256 of the declaration, 64 hexadecimal digits."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()

    def attribute(self, name: str) -> Attribute | None:
        """The declared attribute of that name, or None."""
        return next((a for a in self.attributes if a.name == name), None)


def load_shop(path: Path) -> Shop:
    """Read ``shop.toml``; a folder without one is a shop with the defaults.

    Raises:
        ConfigError: the file cannot be read, is not TOML or declares something that cannot be.
    """
    if not path.exists():
        return Shop()
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Shop)
    except (OSError, msgspec.ValidationError, ValueError) as error:  # bad TOML is a ValueError
        detail = f"{path}: {error.strerror if isinstance(error, OSError) else error}"
        raise ConfigError(detail, field="shop.toml") from error


def dump_shop(shop: Shop) -> str:
    """The declaration as TOML, readable by :func:`load_shop`."""
    lines = [
        f"{name} = {msgspec.json.encode(getattr(shop, name)).decode()}"
        for name in ("name", "language", "currency", "minor_digits", "time_zone")
    ]
    for attribute in shop.attributes:
        lines.append("\n[[attributes]]")
        lines += [
            f"{name} = {msgspec.json.encode(value).decode()}"
            for name, value in msgspec.structs.asdict(attribute).items()
        ]
    return "\n".join(lines) + "\n"

"""``daogou keys``: who may call the API."""

from __future__ import annotations

import os
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from indexing.journal import Journal, KeyRow

Home = Annotated[
    Path,
    typer.Option(
        envvar="DAOGOU_HOME", help="The shop's folder.", show_default="./daogou-data", file_okay=False
    ),
]
_HOME = Path("daogou-data")
_PERIOD = re.compile(r"(\d{1,5})(m|h|d)")
_MOST_OF_ID = 128
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

keys_app = typer.Typer(
    help="Keys of the API: create, list, rotate, revoke. A key is shown once, when it is made.",
    no_args_is_help=True,
)


@keys_app.command("create")
def create(  # noqa: PLR0917 - typer reads options from arguments
    name: Annotated[str, typer.Argument(help="For yourself: whose key it is.")],
    scope: Annotated[
        list[str],
        typer.Option(
            help="storefront (browsers), merchandiser, analyst, operator (feeds); repeat for more."
        ),
    ],
    origin: Annotated[
        list[str] | None,
        typer.Option(help="Pages that may use it, such as https://shop.example; repeat for more."),
    ] = None,
    expires: Annotated[str | None, typer.Option(help="After 90d, 12h or 30m; never without.")] = None,
    loopback_only: Annotated[bool, typer.Option(help="Good on this machine only.")] = False,
    home: Home = _HOME,
) -> None:
    """Make a key; it is printed once.

    Example: `daogou keys create web --scope storefront --origin https://shop.example`
    """
    origins = [_origin(one) for one in origin or ()]
    ends = datetime.now(UTC) + period(expires) if expires else None
    with _journal_of(home) as journal:
        key, secret = journal.control.create_key(
            scope, name, origins=origins, expires_at=ends, loopback_only=loopback_only, actor=_actor()
        )
    _say(f"key_id  {key.key_id}\nscopes  {', '.join(key.scopes)}\nkey     {secret}")
    _say("This is the only time that the key is shown.")


@keys_app.command("list")
def every(home: Home = _HOME) -> None:
    """Show the keys there are, without the keys themselves.

    Example: `daogou keys list`
    """
    with _journal_of(home) as journal:
        keys = journal.control.list_keys()
    for key in keys:
        _say("  ".join(_columns(key)))
    if not keys:
        _say("There is no key yet: daogou keys create NAME --scope storefront")


@keys_app.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(help="As listed.")], home: Home = _HOME) -> None:
    """End a key at once: every worker refuses it within a second.

    Example: `daogou keys revoke 1f2e3d4c5b6a7988`
    """
    with _journal_of(home) as journal:
        key = journal.control.revoke_key(key_id, _actor())
    _say(f"{key.key_id} ({key.name}) is revoked")


@keys_app.command("rotate")
def rotate(
    key_id: Annotated[str, typer.Argument(help="As listed.")],
    grace: Annotated[str, typer.Option(help="How long the old one stays good: 24h, 7d.")] = "24h",
    home: Home = _HOME,
) -> None:
    """Make a key that may do the same; the old one ends after a while.

    Example: `daogou keys rotate 1f2e3d4c5b6a7988 --grace 24h`
    """
    length = period(grace)
    with _journal_of(home) as journal:
        key, secret = journal.control.rotate_key(key_id, _actor(), grace=length)
    _say(f"key_id  {key.key_id}\nkey     {secret}\nThe old key is good for {grace} more.")


@keys_app.command("sign-user")
def sign(
    user_id: Annotated[str, typer.Argument(help="The shop's id of somebody who is signed in.")],
    lasts: Annotated[str, typer.Option(help="How long: 24h, 7d.")] = "24h",
    home: Home = _HOME,
) -> None:
    """Make the token with which a browser may name a user; the shop's own server makes it at login.

    It is `v1.<expires>.<hmac>`: the hexadecimal HMAC-SHA256 of `v1.<expires>.<user_id>` under the text of
    `secrets/users.key`.

    Example: `daogou keys sign-user u-1001 --lasts 24h`
    """
    from api.secrets import open_secret
    from api.tokens import sign_user
    from indexing.contracts.errors import InputError

    if not 0 < len(user_id) <= _MOST_OF_ID:
        detail = f"user_id has {len(user_id)} characters; expected 1 to {_MOST_OF_ID}"
        raise InputError(detail, field="user_id", code="too_long" if user_id else "too_short")
    _shop_at(home)
    expires = int(time.time() + period(lasts).total_seconds())
    _say(sign_user(open_secret(home / "secrets", "users"), user_id, expires=expires))


def period(text: str) -> timedelta:
    """A length of time such as ``90d``.

    Raises:
        InputError: it is none.

    >>> period("12h") == timedelta(hours=12)
    True
    """
    from indexing.contracts.errors import InputError

    match = _PERIOD.fullmatch(text)
    if match is None:
        detail = f"{text!r} is no length of time; expected a number and m, h or d, such as 90d"
        raise InputError(detail, field="period", code="bad_period")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _journal_of(home: Path) -> Journal:
    from indexing.journal import open_journal

    _shop_at(home)
    return open_journal(home)


def _shop_at(home: Path) -> None:
    """A key for a folder that is not there would make a shop nobody meant."""
    from indexing.contracts.errors import ConfigError

    if not home.is_dir():
        detail = f"there is no shop at {home}: set DAOGOU_HOME, or begin with daogou import"
        raise ConfigError(detail, field="home", code="no_shop")


def _origin(text: str) -> str:
    from indexing.contracts.errors import InputError

    if not re.fullmatch(r"https?://[^/\s]+", text):
        detail = f"{text!r} is no origin; expected a scheme and a host, such as https://shop.example"
        raise InputError(detail, field="origin", code="bad_origin")
    return text.lower()


def _columns(key: KeyRow) -> tuple[str, ...]:
    now = datetime.now(UTC)
    if key.revoked_at is not None:
        state = f"revoked {key.revoked_at:%Y-%m-%d}"
    elif key.expires_at is not None:
        state = f"{'expired' if key.expires_at <= now else 'until'} {key.expires_at:%Y-%m-%d %H:%M}Z"
    else:
        state = "good"
    limits = [*key.origins, *(["loopback only"] if key.loopback_only else [])]
    return key.key_id, f"{state:24}", f"{','.join(key.scopes):24}", key.name, " ".join(limits)


def _actor() -> str:
    return f"{os.environ.get('SUDO_USER') or os.environ.get('USER') or 'somebody'}@command-line"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")

"""``daogou keys`` and ``daogou serve`` on the command line."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.commands import mount
from api.commands.keys import period
from api.secrets import open_secret
from api.serve import listen
from api.settings import Settings
from api.tokens import user_is_signed
from indexing.contracts.errors import ConfigError, InputError
from indexing.journal import hash_key, open_journal

APP = typer.Typer()
mount(APP)


def run(*arguments: str, home: Path) -> str:
    """What a command that is well prints."""
    result = CliRunner().invoke(APP, [*arguments, "--home", str(home)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_keys_life(tmp_path: Path) -> None:
    """Made and shown once, listed without itself, rotated, revoked."""
    made = run(
        "keys",
        "create",
        "web",
        "--scope",
        "storefront",
        "--origin",
        "https://Shop.example",
        "--expires",
        "90d",
        home=tmp_path,
    )
    secret = made.split("key     ")[1].split()[0]
    with open_journal(tmp_path) as journal:
        row = journal.control.find_key(hash_key(secret))
    assert row is not None
    assert (row.name, row.scopes, row.origins) == ("web", ("storefront",), ("https://shop.example",))
    assert row.expires_at is not None
    listed = run("keys", "list", home=tmp_path)
    assert row.key_id in listed
    assert "https://shop.example" in listed
    assert secret not in listed
    rotated = run("keys", "rotate", row.key_id, "--grace", "1h", home=tmp_path)
    assert secret not in rotated
    run("keys", "revoke", row.key_id, home=tmp_path)
    assert "revoked" in run("keys", "list", home=tmp_path)
    with open_journal(tmp_path) as journal:
        assert journal.control.find_key(hash_key(secret)) is None
        other = rotated.split("key     ")[1].split()[0]
        assert journal.control.find_key(hash_key(other)) is not None


def test_sign_user(tmp_path: Path) -> None:
    """What is printed is what the service accepts."""
    token = run("keys", "sign-user", "u-1", "--lasts", "1h", home=tmp_path).strip()
    secret = open_secret(tmp_path / "secrets", "users")
    import time

    assert user_is_signed(secret, "u-1", token, now=time.time())
    assert not user_is_signed(secret, "u-1", token, now=time.time() + 3700)


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "k", "--scope", "king"),
        ("create", "k", "--scope", "storefront", "--origin", "shop.example"),
        ("create", "k", "--scope", "storefront", "--expires", "soon"),
        ("rotate", "x", "--grace", "1y"),
    ],
)
def test_what_cannot_be(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """An InputError with what was expected; ``daogou`` prints it as one line."""
    open_journal(tmp_path).close()
    with pytest.raises(InputError):
        run("keys", *arguments, home=tmp_path)


@pytest.mark.parametrize(
    ("text", "length"), [("90d", timedelta(90)), ("12h", timedelta(hours=12)), ("5m", timedelta(minutes=5))]
)
def test_period(text: str, length: timedelta) -> None:
    """A number and a unit."""
    assert period(text) == length


@pytest.mark.parametrize("command", ["serve", "keys create", "keys list", "keys rotate", "keys revoke"])
def test_help_has_an_example(command: str) -> None:
    """Each says how it is used."""
    result = CliRunner().invoke(APP, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Example: " in result.output


def test_no_shop_and_no_port(tmp_path: Path) -> None:
    """In words, before anything is started."""
    with pytest.raises(ConfigError, match="there is no shop"):
        run("serve", home=tmp_path / "nothing")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = Settings(home=tmp_path, port=taken.getsockname()[1])
        with pytest.raises(ConfigError, match="give another --port"), listen(settings):
            pass


def test_two_services_do_not_share_a_port(tmp_path: Path) -> None:
    """The workers of one do."""
    with listen(Settings(home=tmp_path, port=0, workers=3)) as sockets:
        (port,) = {one.getsockname()[1] for one in sockets}
        with (
            pytest.raises(ConfigError, match="give another --port"),
            listen(Settings(home=tmp_path, port=port)),
        ):
            pass

"""A user's name signed by the shop."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.tokens import sign_user, user_is_signed

SECRET = b"5ec7e7"


def test_the_recipe_of_the_documentation() -> None:
    """What any language computes is what is accepted."""
    digest = hmac.new(SECRET, "v1.1700000000.用户-1".encode(), hashlib.sha256).hexdigest()
    token = f"v1.1700000000.{digest}"
    assert token == sign_user(SECRET, "用户-1", expires=1_700_000_000)
    assert user_is_signed(SECRET, "用户-1", token, now=1_699_999_999)
    assert not user_is_signed(SECRET, "用户-1", token, now=1_700_000_000)


@given(st.text(), st.text())
def test_it_is_for_one_user(user: str, other: str) -> None:
    """No other name, no other secret."""
    token = sign_user(SECRET, user, expires=10)
    assert user_is_signed(SECRET, user, token, now=5)
    assert user_is_signed(SECRET, other, token, now=5) == (other == user)
    assert not user_is_signed(b"guess", user, token, now=5)


@pytest.mark.parametrize(
    "token", [None, "", "v1", "v1.", "v1.5", "v2.99.x", "v1.-5.x", "v1.١.x", "v1.9999999999999.x"]
)
def test_nonsense(token: str | None) -> None:
    """Is no token."""
    assert not user_is_signed(SECRET, "u", token, now=1)


@given(st.text(st.characters(), max_size=80))
def test_any_text(token: str) -> None:
    """Never raises, never accepted."""
    assert not user_is_signed(SECRET, "u", token, now=1)

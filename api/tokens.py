"""A shopper's name, signed by the shop: what a browser needs to speak for a ``user_id``.

``v1.<expires>.<signature>``: ``expires`` is in seconds since the epoch, the signature is the hexadecimal
HMAC-SHA256 of ``v1.<expires>.<user_id>`` under the text of ``secrets/users.key``. The shop's own server
makes it at login, in any language.
"""

from __future__ import annotations

import hashlib
import hmac


def sign_user(secret: bytes, user_id: str, *, expires: int) -> str:
    """A token for ``user_id`` until ``expires``."""
    return f"v1.{expires}.{_signature(secret, user_id, expires)}"


def user_is_signed(secret: bytes, user_id: str, token: str | None, *, now: float) -> bool:
    """Whether ``token`` was made for this user and has not expired.

    >>> user_is_signed(b"k", "u", sign_user(b"k", "u", expires=10), now=9)
    True
    >>> user_is_signed(b"k", "v", sign_user(b"k", "u", expires=10), now=9)
    False
    """
    version, _, rest = (token or "").partition(".")
    digits, _, signature = rest.partition(".")
    if version != "v1" or not (digits.isascii() and digits.isdigit() and len(digits) < 12):
        return False
    expires = int(digits)
    expected = _signature(secret, user_id, expires)
    return (
        hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogatepass")) and now < expires
    )


def _signature(secret: bytes, user_id: str, expires: int) -> str:
    text = f"v1.{expires}.{user_id}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, text, hashlib.sha256).hexdigest()

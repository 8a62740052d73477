"""A profile's hash names its content, not its name."""

from __future__ import annotations

import msgspec

from indexing.contracts.profiles import Profile, SearchProfile


def test_the_hash_is_of_the_content() -> None:
    """Renaming changes nothing; a weight does; a round trip through JSON does not."""
    assert Profile(name="a").hash == Profile(name="b").hash
    assert Profile(search=SearchProfile(vectors_weight=0.7)).hash != Profile().hash
    assert msgspec.json.decode(msgspec.json.encode(Profile()), type=Profile).hash == Profile().hash

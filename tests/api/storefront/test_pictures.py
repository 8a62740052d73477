"""Drawn pictures: well-formed, deterministic, different, and never built from what the address says."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from api.storefront.pictures import _words, draw, picture_of, shapes

KINDS = sorted(shapes())


@pytest.mark.parametrize("kind", KINDS)
def test_every_shape_is_a_small_well_formed_picture(kind: str) -> None:
    """Parsed as XML; under 4 KB; its seed and hue change it."""
    picture = draw(kind, 200, 1)
    assert ET.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own
    assert len(picture) < 4096
    assert len({picture, draw(kind, 200, 2), draw(kind, 20, 1)}) == 3


def test_there_are_pictures_for_a_whole_shop() -> None:
    """Fifty kinds at least."""
    assert len(KINDS) >= 50


def test_what_the_address_says_is_never_in_the_picture() -> None:
    """An unknown kind is the parcel, whatever it is called."""
    hostile = '"/><script>alert(1)</script>'
    assert "script" not in draw(hostile, 1, 1)
    assert ET.fromstring(draw(hostile, 10**9, -5)) is not None  # noqa: S314 - our own


def test_a_product_has_the_same_picture_for_ever() -> None:
    """From its id alone, any id."""
    assert picture_of("85123A") == picture_of("85123A") != picture_of("85123B")
    assert picture_of("\ud800").startswith("/pictures/parcel/")


def test_a_title_s_words_name_kinds_that_are_drawn() -> None:
    """Every kind of the table has a shape. 手机壳: a phone's case, not a phone."""
    assert {kind for _, kind in _words()} <= set(shapes())
    assert picture_of("1", "华为手机壳").startswith("/pictures/case/")
    assert picture_of("1", "VINTAGE UNION JACK BUNTING").startswith("/pictures/parcel/")

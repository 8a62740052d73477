"""Drawn pictures: well-formed, deterministic, different, and never built from what the address says."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from api.storefront.pictures import TINTS, _colours, _words, draw, is_drawn, kind_of, picture_of, shapes

KINDS = sorted(shapes())


@pytest.mark.parametrize("kind", KINDS)
def test_every_shape_is_a_small_well_formed_picture(kind: str) -> None:
    """Parsed as XML; under 4 KB; its seed and tint change it."""
    picture = draw(kind, "200", 1)
    assert ET.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own
    assert len(picture) < 4096
    assert len({picture, draw(kind, "200", 2), draw(kind, "20", 1), draw(kind, "black", 1)}) == 4


def test_there_are_pictures_for_a_whole_shop() -> None:
    """A hundred kinds at least."""
    assert len(KINDS) >= 100


def test_what_the_address_says_is_never_in_the_picture() -> None:
    """An unknown kind is the parcel, whatever it is called."""
    hostile = '"/><script>alert(1)</script>'
    assert "script" not in draw(hostile, hostile, 1)
    assert ET.fromstring(draw(hostile, "9" * 9, -5)) is not None  # noqa: S314 - our own
    assert not is_drawn("/pictures/../../x")
    assert not is_drawn("/pictures/a/1/2.svg?" + hostile)


def test_a_product_has_the_same_picture_for_ever() -> None:
    """From its id alone, any id."""
    assert picture_of("85123A") == picture_of("85123A") != picture_of("85123B")
    assert picture_of("\ud800").startswith("/pictures/parcel/")


def test_a_title_s_words_name_kinds_that_are_drawn() -> None:
    """Every kind of the table has a shape. 手机壳: a phone's case, not a phone."""
    assert {kind for _, kind in _words()} <= set(shapes())
    assert {tint for tint in _colours().values() if not tint.isdigit()} <= set(TINTS)
    assert picture_of("1", "华为手机壳").startswith("/pictures/case/")
    assert picture_of("1", "VINTAGE UNION JACK").startswith("/pictures/parcel/")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRO COFFEE MUGS ASSORTED", "cup"),
        ("HOME SWEET HOME MUG", "cup"),
        ("BOX OF 6 ASSORTED COLOUR TEASPOONS", "box"),
        ("ALARM CLOCK BAKELIKE RED", "clock"),
        ("HOT WATER BOTTLE TEA AND SYMPATHY", "bottle"),
        ("JUMBO BAG CHRISTMAS", "bag"),
        ("TEA TOWEL", "towel"),
    ],
)
def test_an_english_title_ends_with_the_thing(title: str, kind: str) -> None:
    """What stands before it says of which sort; some words tell little."""
    assert kind_of(title) == kind


def test_a_colour_in_the_title_is_the_colour_of_the_picture() -> None:
    """In both languages; without one the id decides."""
    assert picture_of("1", "RED MUG").split("/")[3] == picture_of("2", "杯 红色").split("/")[3] == "355"
    assert picture_of("1", "雪域白 手机").split("/")[3] == "white"
    assert picture_of("1", "TIRED BEAR").split("/")[3] == picture_of("1", "BEAR").split("/")[3]

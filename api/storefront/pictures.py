"""A drawn picture for a product that has no photograph: ``/pictures/<kind>/<tint>/<seed>.svg``.

The address says everything, so pictures need no storage and can be cached for ever. The shapes stand in
``assets/shapes.svg``, one symbol a kind; an unknown kind is a parcel.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType

_SHAPES = Path(__file__).with_name("assets") / "shapes.svg"
_SYMBOL = re.compile(r'<symbol id="([a-z]+)">(.*?)</symbol>', re.DOTALL)
_KINDS = Path(__file__).with_name("assets") / "kinds.tsv"
_COLOURS = Path(__file__).with_name("assets") / "colours.tsv"
_LATIN = re.compile(r"[a-z][a-z-]*")
_HUE = re.compile(r"[0-9]{1,7}")
_ADDRESS = re.compile(r"/pictures/[a-z]+/[a-z0-9]+/[0-9]+\.svg")
UNKNOWN = "parcel"
_VAGUE = frozenset({"box", "tea", "tree", "heart", "petbowl"})  # a bag for Christmas is a bag
TINTS = MappingProxyType(
    {
        "black": (220, 8, 27),
        "grey": (215, 7, 55),
        "silver": (210, 10, 74),
        "white": (40, 16, 94),
        "beige": (36, 42, 80),
        "brown": (25, 42, 40),
    }
)
"""Colours that are no hue: hue, saturation and lightness."""


@cache
def shapes() -> MappingProxyType[str, str]:
    """The markup of each kind."""
    return MappingProxyType(dict(_SYMBOL.findall(_SHAPES.read_text(encoding="utf-8"))))


@lru_cache(maxsize=4096)
def draw(kind: str, tint: str, seed: int) -> str:
    """An SVG of 400 by 400, about 2 KB.

    Args:
        kind: a symbol of ``shapes.svg``; an unknown one is drawn as a parcel.
        tint: of the product: a hue in degrees, or a name of :data:`TINTS`; any other text is hue 0.
        seed: varies ground, accent, size and tilt.
    """
    shape = shapes().get(kind, shapes()[UNKNOWN])
    bits = int.from_bytes(blake2b(f"{kind}{seed}".encode(), digest_size=8).digest(), "big")
    plain = (int(tint) % 360 if _HUE.fullmatch(tint) else 0, 52, 54 + (bits >> 27 & 7))
    hue, saturation, light = TINTS.get(tint, plain)
    around = hue if tint not in TINTS else seed % 360
    accent = (around + (35, 150, 180, 320)[bits & 3]) % 360
    ground = (around + (0, 40, 190, 320)[bits >> 2 & 3]) % 360
    dark, calm = (light - 13 if light < 42 else 30), min(saturation, 38)
    tilt, scale = (bits >> 4 & 7) - 3.5, 0.9 + (bits >> 7 & 7) / 70
    mirror = -1 if bits >> 10 & 1 and kind not in {"book"} else 1
    x, y = 40 + (bits >> 11 & 255), 40 + (bits >> 19 & 255)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><defs>'
        f'<linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="hsl({ground} 55% 95%)"/>'
        f'<stop offset="1" stop-color="hsl({ground} 38% 85%)"/></linearGradient></defs><style>'
        f".a{{fill:hsl({hue} {saturation}% {light}%)}}.b{{fill:hsl({hue} {calm}% {dark}%)}}"
        f".c{{fill:hsl({hue} {saturation}% 87%)}}.d{{fill:hsl({accent} 62% 58%)}}.w{{fill:#fffdfa}}"
        f".l,.s{{fill:none;stroke:hsl({hue} {calm}% {dark}%);stroke-linecap:round;stroke-linejoin:round}}"
        f".s{{stroke:hsl({hue} {saturation}% {light}%)}}"
        '</style><path fill="url(#g)" d="M0 0h400v400H0z"/>'
        f'<circle cx="{x}" cy="{y}" r="{90 + (bits >> 30 & 63)}" fill="#fff" opacity=".45"/>'
        '<ellipse cx="200" cy="338" rx="112" ry="13" fill="#000" opacity=".1"/>'
        f'<g transform="translate(200 200) rotate({tilt}) scale({scale * mirror:.3f} {scale:.3f}) '
        f'translate(-200 -200)">{shape}</g></svg>'
    )


def is_drawn(address: str) -> bool:
    """Whether it is an address of a picture of ours."""
    return _ADDRESS.fullmatch(address) is not None


@cache
def _words() -> tuple[tuple[str, str], ...]:
    """Words and the kinds they stand for, the most telling first."""
    lines = _KINDS.read_text(encoding="utf-8").splitlines()
    return tuple(
        (word, kind) for kind, words in (line.split("\t") for line in lines) for word in words.split()
    )


@lru_cache(maxsize=4096)
def kind_of(text: str) -> str:
    """What a product looks like, from its title: in English the last word that names a thing.

    >>> kind_of("小米手机壳 透明"), kind_of("RETRO COFFEE MUGS, SET OF 4"), kind_of("?")
    ('case', 'cup', 'parcel')
    """
    low = text.lower()
    chinese = next((kind for word, kind in _words() if not word.isascii() and word in low), None)
    named = dict(_words())
    latin = (named.get(word) or named.get(word.removesuffix("s")) for word in reversed(_LATIN.findall(low)))
    found = [kind for kind in latin if kind]
    return chinese or next((kind for kind in found if kind not in _VAGUE), (found or [UNKNOWN])[0])


@cache
def _colours() -> dict[str, str]:
    lines = _COLOURS.read_text(encoding="utf-8").splitlines()
    return {word: tint for tint, words in (line.split("\t") for line in lines) for word in words.split()}


@lru_cache(maxsize=4096)
def tint_of(text: str) -> str | None:
    """The colour that a title names, None where it names none.

    >>> tint_of("RED RETROSPOT MUG"), tint_of("德龙咖啡机 曜石黑"), tint_of("TEA SET")
    ('355', 'black', None)
    """
    low = text.lower()
    words = set(_LATIN.findall(low))
    return next(
        (tint for word, tint in _colours().items() if (word in words if word.isascii() else word in low)),
        None,
    )


def picture_of(item_id: str, title: str = "") -> str:
    """The address of a drawn picture for a product without one, the same for ever."""
    digest = blake2b(item_id.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    number = int.from_bytes(digest, "big")
    return f"/pictures/{kind_of(title)}/{tint_of(title) or number % 360}/{number % 9973}.svg"

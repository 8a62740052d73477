"""A drawn picture for a product that has no photograph: ``/pictures/<kind>/<hue>/<seed>.svg``.

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
_LATIN = re.compile(r"[a-z][a-z-]*")
UNKNOWN = "parcel"


@cache
def shapes() -> MappingProxyType[str, str]:
    """The markup of each kind."""
    return MappingProxyType(dict(_SYMBOL.findall(_SHAPES.read_text(encoding="utf-8"))))


@lru_cache(maxsize=4096)
def draw(kind: str, hue: int, seed: int) -> str:
    """An SVG of 400 by 400, about 2 KB.

    Args:
        kind: a symbol of ``shapes.svg``; an unknown one is drawn as a parcel.
        hue: of the product, in degrees; any integer.
        seed: varies ground, accent, size and tilt.
    """
    shape = shapes().get(kind, shapes()[UNKNOWN])
    bits = int.from_bytes(blake2b(f"{kind}{seed}".encode(), digest_size=8).digest(), "big")
    accent = (hue + (30, 150, 180, 210)[bits & 3]) % 360
    ground = (hue + (0, 40, 190, 320)[bits >> 2 & 3]) % 360
    tilt, scale = (bits >> 4 & 7) - 3.5, 0.9 + (bits >> 7 & 7) / 70
    mirror = -1 if bits >> 10 & 1 and kind not in {"book"} else 1
    x, y = 40 + (bits >> 11 & 255), 40 + (bits >> 19 & 255)
    light = 54 + (bits >> 27 & 7)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><defs>'
        f'<linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="hsl({ground} 60% 96%)"/>'
        f'<stop offset="1" stop-color="hsl({ground} 45% 86%)"/></linearGradient></defs><style>'
        f".a{{fill:hsl({hue % 360} 52% {light}%)}}.b{{fill:hsl({hue % 360} 38% 30%)}}"
        f".c{{fill:hsl({hue % 360} 55% 88%)}}.d{{fill:hsl({accent} 68% 56%)}}.w{{fill:#fffdfa}}"
        f".l{{fill:none;stroke:hsl({hue % 360} 38% 30%);stroke-linecap:round;stroke-linejoin:round}}"
        f".s{{fill:none;stroke:hsl({hue % 360} 52% {light}%);stroke-linecap:round;stroke-linejoin:round}}"
        '</style><path fill="url(#g)" d="M0 0h400v400H0z"/>'
        f'<circle cx="{x}" cy="{y}" r="{90 + (bits >> 30 & 63)}" fill="#fff" opacity=".45"/>'
        '<ellipse cx="200" cy="338" rx="112" ry="13" fill="#000" opacity=".1"/>'
        f'<g transform="translate(200 200) rotate({tilt}) scale({scale * mirror:.3f} {scale:.3f}) '
        f'translate(-200 -200)">{shape}</g></svg>'
    )


@cache
def _words() -> tuple[tuple[str, str], ...]:
    """Words and the kinds they stand for, the most telling first."""
    lines = _KINDS.read_text(encoding="utf-8").splitlines()
    return tuple(
        (word, kind) for kind, words in (line.split("\t") for line in lines) for word in words.split()
    )


@lru_cache(maxsize=4096)
def kind_of(text: str) -> str:
    """What a product looks like, from its title.

    >>> kind_of("小米手机壳 透明"), kind_of("RED RETROSPOT MUGS"), kind_of("?")
    ('case', 'cup', 'parcel')
    """
    low = text.lower()
    latin = set(_LATIN.findall(low))
    latin |= {word.removesuffix("s") for word in latin}
    return next(
        (kind for word, kind in _words() if (word in latin if word.isascii() else word in low)), UNKNOWN
    )


def picture_of(item_id: str, title: str = "") -> str:
    """The address of a drawn picture for a product without one, the same for ever."""
    digest = blake2b(item_id.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    number = int.from_bytes(digest, "big")
    return f"/pictures/{kind_of(title)}/{number % 360}/{number % 9973}.svg"

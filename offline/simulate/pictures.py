"""Addresses of drawn pictures: ``/pictures/<kind>/<hue>/<seed>.svg``. The pages draw them."""

from __future__ import annotations

_KINDS = """
phone laptop tablet headphones watch camera speaker tv fridge washer kettle coffee ricecooker vacuum
fan lamp shirt dress trousers shoe bag hat lipstick cream perfume shampoo bottle jar box tea
coffeebag snack fruit rice milk book toy blocks diaper stroller sofa chair bed pan knife cup towel
bicycle tent ball dumbbell petbowl petfood tyre tool cable case battery parcel
"""
KINDS = frozenset(_KINDS.split())
_HUES = {
    "红": 0,
    "茄": 8,
    "橙": 28,
    "金": 45,
    "卡其": 45,
    "棕": 30,
    "绿": 140,
    "蓝": 215,
    "藏青": 225,
    "紫": 275,
    "粉": 335,
}


def picture(kind: str, colour: object, draw: float, number: int) -> str:
    """The address of a product's picture; a colour that names a hue has it, others ``draw`` one.

    >>> picture("phone", "冰川蓝", 0.5, 123456)
    '/pictures/phone/215/3456.svg'
    """
    hue = int(draw * 360)
    if isinstance(colour, str):
        hue = next((value for word, value in _HUES.items() if word in colour), hue)
    return f"/pictures/{kind}/{hue}/{number % 10_000}.svg"

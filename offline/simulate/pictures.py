"""Addresses of drawn pictures: ``/pictures/<kind>/<tint>/<seed>.svg``. The pages draw them."""

from __future__ import annotations

_NOUNS = {
    "真无线": "earbuds",
    "蓝牙耳机": "earbuds",
    "扫地": "robot",
    "棒球帽": "cap",
    "围巾": "scarf",
    "高跟鞋": "heel",
    "洁面慕斯": "shampoo",
    "羽毛球拍": "racket",
    "乒乓球拍": "racket",
    "足球": "football",
    "橙子": "orange",
    "草莓": "strawberry",
    "车厘子": "cherry",
    "巧克力": "chocolate",
    "中性笔": "pen",
    "荧光笔": "pen",
    "水杯": "cup",
}
"""What looks unlike the rest of its leaf."""
_TINTS = {
    "透明": "silver",
    "银": "silver",
    "米": "beige",
    "杏": "beige",
    "卡其": "beige",
    "奶油": "beige",
    "星光": "beige",
    "金": "45",
    "棕": "brown",
    "驼": "brown",
    "焦糖": "brown",
    "咖": "brown",
    "酒红": "345",
    "豆沙": "350",
    "粉": "335",
    "紫": "275",
    "红": "355",
    "番茄": "8",
    "橙": "28",
    "绿": "140",
    "藏青": "225",
    "蓝": "215",
    "黑": "black",
    "白": "white",
    "灰": "grey",
}


def picture(kind: str, noun: str, colour: object, draw: float, number: int) -> str:
    """The address of a product's picture.

    Args:
        kind: of its leaf; a few nouns have one of their own.
        colour: one that names a tint has it, others ``draw`` a hue.

    >>> picture("phone", "手机", "冰川蓝", 0.5, 123456), picture("ball", "足球", "黑白", 0.5, 7)
    ('/pictures/phone/215/3456.svg', '/pictures/football/black/7.svg')
    """
    shape = next((value for word, value in _NOUNS.items() if word in noun), kind)
    tint = str(int(draw * 360))
    if isinstance(colour, str):
        tint = next((value for word, value in _TINTS.items() if word in colour), tint)
    return f"/pictures/{shape}/{tint}/{number % 10_000}.svg"

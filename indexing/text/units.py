"""Units of measure as shoppers write them, folded to one name each.

``5.5寸``, ``5.5英寸`` and ``5.5 inch`` say the same; so do ``256GB``, ``256 gb`` and, on a phone, ``256G``.
"""

from __future__ import annotations

_SPELLINGS = {
    "inch": "寸 英寸 吋 inch inches",
    "g": "克 g gram grams",
    "kg": "千克 公斤 kg kgs",
    "mg": "毫克 mg",
    "ml": "毫升 ml",
    "l": "升 公升 l liter liters litre litres",
    "w": "瓦 瓦特 w watt watts",
    "kw": "千瓦 kw",
    "v": "伏 伏特 v volt volts",
    "mah": "毫安 毫安时 mah",
    "hz": "赫兹 hz",
    "ghz": "ghz",
    "mhz": "mhz",
    "mm": "毫米 mm",
    "cm": "厘米 公分 cm",
    "m": "米 m",
    "km": "千米 公里 km",
    "oz": "盎司 oz",
    "mp": "万像素 mp",
    "kb": "kb",
    "mb": "mb",
    "gb": "gb",
    "tb": "tb",
    "t": "t",
}

UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split()}
"""Spelling → canonical name."""

LONGEST_HAN = max(len(unit) for unit in UNITS if not unit.isascii())

LOOSE = frozenset(unit for unit in UNITS if unit.isascii() and len(unit) > 1) | {"g", "l", "w"}
"""Latin units that a query may put behind a space (``256 gb``); m, t and v may be sizes or models."""

FIRM = frozenset(unit for unit in UNITS if unit.isascii() and len(unit) > 1)
"""Latin units that end a number wherever they stand, also in ``iphone15promax256gb``."""

_STORAGE = {str(2**power) for power in range(13)} | {"6", "12", "24", "48", "96"}
_SHORT = {"g": "gb", "gb": "g", "t": "tb", "tb": "t"}


def measures(number: str, unit: str) -> tuple[str, ...]:
    """Canonical tokens of a number with a unit, the chief one first.

    >>> measures("5.5", "英寸"), measures("256", "gb"), measures("300", "g")
    (('5.5inch',), ('256gb', '256g'), ('300g',))
    """
    name = UNITS[unit]
    other = _SHORT.get(name)
    if other and number in _STORAGE:
        return number + name, number + other
    return (number + name,)

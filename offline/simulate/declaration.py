"""What the demo shop declares about itself: ``shop.toml``."""

from __future__ import annotations

from indexing.contracts.shop import Attribute, Shop

DEMO_SHOP = Shop(
    name="导购小店",
    attributes=(
        Attribute("颜色"),
        Attribute("容量"),
        Attribute("材质"),
        Attribute("尺码"),
        Attribute("净含量"),
        Attribute("适用", label="适用对象"),
        Attribute("功率", type="number", label="功率（W）", search=False),
        Attribute("屏幕尺寸", type="number", label="屏幕尺寸（英寸）", search=False),
        Attribute("无线", type="flag", label="无线使用", search=False),
        Attribute("产地", facet=False),
    ),
)
"""``长度`` of cables is stored and shown, not declared: a shop has such attributes, too."""

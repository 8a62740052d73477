"""Prices that a query names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.filters import And, Compare
from indexing.text import fold
from search.understand import read_price


@pytest.mark.parametrize(
    ("query", "price", "rest"),
    [
        ("手机 2000元以下", "..200000", "手机"),
        ("手机2000以内", "..200000", "手机"),
        ("100-300元 耳机", "10000..30000", "耳机"),
        ("１００～３００元耳机", "10000..30000", "耳机"),
        ("¥100-¥300 耳机", "10000..30000", "耳机"),
        ("500到800块的吹风机", "50000..80000", "的吹风机"),
        ("1万以下 笔记本", "..1000000", "笔记本"),
        ("3千元以上的相机", "300000..", "的相机"),
        ("2k左右 显示器", "160000..240000", "显示器"),
        ("不超过99.9元 水杯", "..9990", "水杯"),
        ("200元 充电宝", "16000..24000", "充电宝"),
        ("mug under 5", "..500", "mug"),
        ("lamp between 5 and 8", None, "lamp between 5 and 8"),
        ("16寸以下 行李箱", None, "16寸以下 行李箱"),
        ("20000毫安以上 充电宝", None, "20000毫安以上 充电宝"),
        ("尺码24-26 凉鞋", None, "尺码24-26 凉鞋"),
        ("iphone15以下", None, "iphone15以下"),
        ("100元内裤", "8000..12000", "内裤"),
        ("300-100元", "10000..30000", ""),
        ("打码机30一70元", "3000..7000", "打码机"),
        ("100块钱包", "8000..12000", "钱包"),
        ("100块钱的东西", "8000..12000", "的东西"),
        ("2000左右手环", "160000..240000", "手环"),
        ("不超过100手机", "..10000", "手机"),
        ("不超过2000平板", "..200000", "平板"),
        ("低于300匹克", "..30000", "匹克"),
        ("不超过50包邮", "..5000", "包邮"),
        ("500以内加湿器", "..50000", "加湿器"),
        ("300以内数据线", "..30000", "数据线"),
        ("羽绒服加厚 500以内", "..50000", "羽绒服加厚"),
        ("大码200以内连衣裙", "..20000", "大码 连衣裙"),
        ("宽40以内的柜子500元以内", "..50000", "宽40以内的柜子"),
        ("100元纪念品", "8000..12000", "纪念品"),
        ("lamp under 50", "..5000", "lamp"),
        ("手机", None, "手机"),
    ],
)
def test_read_price(query: str, price: str | None, rest: str) -> None:
    """Ranges, limits and about-prices in yuan; sizes, capacities and model numbers are none."""
    found, left = read_price(fold(query), 2)
    assert (str(found) if found else None, " ".join(left.split())) == (price, rest)


@pytest.mark.parametrize(
    "query",
    [
        "2022元旦挂饰",
        "1.02块规",
        "50元件",
        "小于2厘米的鞋带",
        "小于2.55厘米的鞋带",
        "小于2千克的哑铃",
        "低于3度的冰箱",
        "浴室柜宽40以内",
        "身高110以下童装",
        "20以内加减法",
        "100以内的加减法",
        "新人0元购零食",
        "联通50元话费",
        "得物100元优惠券",
        "奥运10元纪念钞",
        "lamp under 5 inches",
        "bags less than 20 kg",
    ],
)
def test_no_price(query: str) -> None:
    """Measures, exercises, slogans and face values, most of them typed so by shoppers."""
    assert read_price(fold(query), 2) == (None, fold(query))


def test_minor_digits() -> None:
    """A shop's currency says how many minor units a price has."""
    found, _ = read_price("500以内", 0)
    assert found is not None
    assert found.filter == Compare("price_minor", "<=", 500.0)
    assert found.said == "500以内"
    pair, _ = read_price("5-8元", 2)
    assert pair is not None
    assert pair.filter == And((Compare("price_minor", ">=", 500.0), Compare("price_minor", "<=", 800.0)))


@given(st.text("0123456789.-~元块钱以下内到一宽小于的加 万kabc手", max_size=30))
def test_any_text(text: str) -> None:
    """Whatever stands there, a price is a range the right way round."""
    price, rest = read_price(text, 2)
    assert len(rest) <= len(text) + 1
    if price and price.lowest is not None and price.highest is not None:
        assert price.lowest <= price.highest

"""Two thousand made-up titles, always the same, and the hash of what an analyser makes of them."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexing.text.analyser import Analyser

_COUNT = 2000
_SEED = 20261122
_LISTS = (
    "小米 华为 苹果 美的 海尔 九阳 飞利浦 三只松鼠 耐克 安踏 TP-LINK Philips Nescafé 戴森 联想 羅技 ＳＯＮＹ 北面 百雀羚 乐高",
    "新款 正品 官方旗舰店 全自动 便携式 大容量 加厚 防水 无线 智能 超薄 家用 商用 兒童 男士 女士 复古 ins风 北欧 轻奢",
    "智能手机 咖啡机 电饭煲 蓝牙耳机 保溫杯 T恤 连衣裙 运动鞋 机械键盘 数据线 充电宝 洗面奶 手机壳 行李箱 空气净化器 U盘 巧克力 坚果礼盒 雙肩包 coffee mugs",
    "iPhone15 HR7633/00 WH-1000XM4 Mate 60 Pro 256GB 5.5寸 1.5L 500毫升 10公斤 5000mAh 30*40cm 6.7英寸 65W 4K 8GB+256GB Type-C ２米 1/2 A7M3 XDR5430",
    "【包邮】 (黑色) ￥99 7天无理由 送礼盒 ™ 🎁 ㎏ ½ 顺丰 3件套 l码 均码 买一送一 限时特价 学生党 2026款 v领 无糖 0脂 情人节 Ⅱ",
)


def golden_titles() -> list[str]:
    """The titles: brand, selling words, product, model, extras; seeded, so the same everywhere."""
    rng = random.Random(_SEED)  # noqa: S311 - not a secret
    lists = [words.split() for words in _LISTS]
    return [_title(rng, lists) for _ in range(_COUNT)]


def _title(rng: random.Random, lists: list[list[str]]) -> str:
    words = [rng.choice(choices) for choices in lists for _ in range(rng.randint(1, 2))]
    return "".join(word + rng.choice(("", "", " ")) for word in words)


def fingerprint(analyser: Analyser) -> str:
    """SHA-256 over index, query and character tokens with offsets of every golden title (about .1 s)."""
    digest = hashlib.sha256()
    for title in golden_titles():
        tokens = (analyser.index(title), analyser.query(title), analyser.characters(title))
        digest.update(repr([[tuple(token) for token in mode] for mode in tokens]).encode())
    return digest.hexdigest()

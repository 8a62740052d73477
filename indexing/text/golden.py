"""Two thousand made-up titles, always the same, and the hash of what an analyser makes of them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence

_COUNT = 2000
_SEED = 20261122
_LISTS = (
    """小米 华为 苹果 美的 海尔 九阳 飞利浦 三只松鼠 耐克 安踏 TP-LINK Philips Nescafé 戴森 联想 羅技
    ＳＯＮＹ 北面 百雀羚 乐高 蒙牛 海天 格力 老干妈 立白 得力 晨光 公牛 骆驼 南极人""",
    """新款 正品 官方旗舰店 全自动 便携式 大容量 加厚 防水 无线 智能 超薄 家用 商用 兒童 男士 女士 复古
    ins风 北欧 轻奢 秋冬装 宽松 显瘦 透气 静音 节能 可折叠 一次性 纯棉 不锈钢""",
    """智能手机 咖啡机 电饭煲 蓝牙耳机 保溫杯 T恤 连衣裙 运动鞋 机械键盘 数据线 充电宝 洗面奶 手机壳
    行李箱 空气净化器 U盘 巧克力 坚果礼盒 雙肩包 coffee-mugs 曲奇饼干 猫抓板 灭蚊灯泡 樟木箱子 路由器
    打印机 羽绒服 榨汁机 显示器 床上四件套""",
    """iPhone15 HR7633/00 WH-1000XM4 Mate 60 Pro 256GB 5.5寸 1.5L 500毫升 10公斤 5000mAh 30*40cm 6.7英寸
    65W 4K 8GB+256GB Type-C ２米 1/2 A7M3 XDR5430 iPhone 15 Pro Max 12G 1T 300克 5000毫安时""",
    """【包邮】 (黑色) ￥99 7天无理由 送礼盒 ™ 🎁 ㎏ ½ 顺丰 3件套 L码 均码 买一送一 限时特价 学生党
    2026款 V领 无糖 0脂 情人节 Ⅱ ﾌﾟﾚｾﾞﾝﾄ 한국 Москва ①""",
)

Mode = Callable[[str], Sequence[tuple[str, int, int]]]


def golden_titles() -> list[str]:
    """Brand, selling words, product, model, extras; seeded, so the same everywhere."""
    rng = random.Random(_SEED)  # noqa: S311 - not a secret
    lists = [words.split() for words in _LISTS]
    return [_title(rng, lists) for _ in range(_COUNT)]


def _title(rng: random.Random, lists: list[list[str]]) -> str:
    return "".join(word + rng.choice(("", "", " ")) for word in _words(rng, lists))


def _words(rng: random.Random, lists: list[list[str]]) -> Iterator[str]:
    for choices in lists:
        for _ in range(rng.randint(1, 2)):
            yield rng.choice(choices)


def fingerprint(modes: Sequence[Mode]) -> str:
    """SHA-256 over the tokens and offsets that each mode makes of every golden title."""
    digest = hashlib.sha256()
    for title in golden_titles():
        for mode in modes:
            lines = (f"{text} {start} {end}" for text, start, end in mode(title))
            digest.update("\n".join(lines).encode() + b"\n\n")
    return digest.hexdigest()

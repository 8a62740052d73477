"""What other programs write: taken where it has one meaning, refused where it has two."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from indexing.contracts.errors import InputError
from indexing.contracts.items import Item
from indexing.contracts.shop import Shop
from offline.importers.heads import known_name
from offline.importers.one_meaning import in_our_form
from offline.importers.own import read_items

ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 1, 1, 19, 4, 5, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2026-01-02 03:04:05", MOMENT),
        ("2026-01-02T03:04:05", MOMENT),
        ("2026/1/2 3:04:05", MOMENT),
        ("2026-01-01 19:04:05 UTC", MOMENT),
        ("2026-01-01 19:04:05+0000", MOMENT),
        ("2026-01-01T14:04:05.000-05:00", MOMENT),
        ("2026-01-02", MIDNIGHT),
        ("2026年1月2日", MIDNIGHT),
        (date(2026, 1, 2), MIDNIGHT),
        (datetime(2026, 1, 2), MIDNIGHT),  # noqa: DTZ001 - without one, as given
        ("1767294245", MOMENT),
        (1767294245, MOMENT),
        ("1767294245000", MOMENT),
        (1767294245000.0, MOMENT),
        (1767294245000000, MOMENT),
    ],
)
def test_times_of_one_meaning_are_read(given: Any, moment: datetime) -> None:
    """Without a zone they are the shop's own; a number is an epoch clock by its size."""
    assert in_our_form({"created_at": given}, ZONE)["created_at"] == moment


@pytest.mark.parametrize(
    "given",
    [
        "02.01.2026",
        "01/02/2026",
        "2026-13-01",
        "20260102",
        "soon",
        "nan",
        "9999-12-31T23:59:59-14:00",
        -5,
        1e30,
    ],
)
def test_times_of_two_meanings_stay_as_they_are(given: Any) -> None:
    """For the row's own check to refuse."""
    assert in_our_form({"created_at": given}, ZONE)["created_at"] == given


def test_numbers_take_the_type_of_their_field() -> None:
    """Ids are text, also in lines; whole floats are whole; flags are 0 and 1; nothing else changes."""
    row = {"item_id": 7, "visitorId": 7.0, "price_minor": Decimal("1990"), "in_stock": 1, "rating": 4.5}
    lines = [{"product_id": 3, "quantity": 2.0}, "x"]
    assert in_our_form({**row, "items": lines, "consent": False, "title": "7"}, ZONE) == {
        "item_id": "7",
        "visitorId": "7",
        "price_minor": 1990,
        "in_stock": True,
        "rating": 4.5,
        "items": [{"product_id": "3", "quantity": 2}, "x"],
        "consent": False,
        "title": "7",
    }
    assert in_our_form({"event_timestamp": "1767294245000000"}, ZONE) == {"event_timestamp": 1767294245e6}
    assert in_our_form({"item_id": True, "in_stock": 2}, ZONE) == {"item_id": True, "in_stock": 2}


def test_names_of_columns_may_be_in_capitals(tmp_path: Path) -> None:
    """With spaces, too. What is not known is named as it was given."""
    path = tmp_path / "a.csv"
    path.write_text(" Item ID ,TITLE,Price,Created_At\n1,壶,19.90,2026-01-02\n", encoding="utf-8")
    ((_, item),) = read_items(path, Shop())
    assert item == Item("1", "壶", price_minor=1990, created_at=MIDNIGHT)
    path.write_text("Item_ID,Colour\n1,red\n", encoding="utf-8")
    ((_, wrong),) = read_items(path, Shop())
    assert isinstance(wrong, InputError)
    assert wrong.field == "Colour"
    assert known_name("attributes.颜色 ") == "attributes.颜色"

"""Items through Arrow and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest

from indexing.contracts.errors import InputError
from indexing.contracts.items import Item
from indexing.journal.catalogue_files import items_of
from offline.simulate.tables import item_batches

MOMENTS = [
    datetime(2026, 11, 1, 23, 59, 59, 999_999, UTC),
    datetime(1955, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8))),
]


def test_items_come_back_as_they_were() -> None:
    """All fields, none of them, moments before 1970 and of other zones, to the microsecond."""
    items = [Item(item_id=f"i{place}", title="标题", created_at=when) for place, when in enumerate(MOMENTS)]
    items += [
        Item(item_id="bare", title="a"),
        Item(
            item_id="full",
            title="手机",
            brand="小米",
            category=["家电", "厨房"],
            price_minor=199_00,
            in_stock=False,
            attributes={"颜色": ["红", "蓝"], "重量": 1.5, "新": True},
            tags=["包邮"],
            rating=4.5,
            version=7,
        ),
    ]
    assert list(items_of(pa.Table.from_batches(item_batches(items)))) == items


@pytest.mark.parametrize("kind", [pa.timestamp("s", "UTC"), pa.timestamp("ns", "Asia/Shanghai")])
def test_other_precisions_of_time(kind: pa.DataType) -> None:
    """The same moment, however it is stored."""
    table = pa.table({"item_id": ["a"], "title": ["b"], "created_at": pa.array([MOMENTS[2]], kind)})
    assert [item.created_at for item in items_of(table)] == [MOMENTS[2]]


def test_a_row_that_is_no_item_is_named() -> None:
    """By its number, whatever batch it stands in; a time without zone is none."""
    ids = pa.chunked_array([["a", "b"], ["c"]])
    with pytest.raises(InputError, match=r"row 2: .*title"):
        list(items_of(pa.table({"item_id": ids, "title": ["t", "t", None]})))
    times = pa.array([datetime(2026, 1, 1)], pa.timestamp("us"))  # noqa: DTZ001 - the point of it
    with pytest.raises(InputError, match=r"row 0: .*created_at"):
        list(items_of(pa.table({"item_id": ["a"], "title": ["t"], "created_at": times})))

"""Rows of every format, and bad rows that cost one row."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from indexing.contracts.errors import InputError
from offline.importers.rows import read_rows

HEAD = "item_id,title,price_minor,in_stock,tags,attributes.颜色,attributes.功率\n"


def codes(path: Path) -> list[tuple[int, str]]:
    return [(n, row.code) for n, row in read_rows(path) if isinstance(row, InputError)]


def test_a_csv_s_cells_become_values(tmp_path: Path) -> None:
    """Numbers, flags, lists, attributes by column; an empty cell is missing. 咖啡机: coffee machine."""
    path = tmp_path / "a.csv"
    path.write_text(
        "\ufeff" + HEAD + "1,咖啡机,19900,true,新品|热卖,红|黑,1450\n2,壶,,否,,,nan\n", encoding="utf-8"
    )
    assert list(read_rows(path)) == [
        (
            1,
            {
                "item_id": "1",
                "title": "咖啡机",
                "price_minor": 19900,
                "in_stock": True,
                "tags": ["新品", "热卖"],
                "attributes": {"颜色": ["红", "黑"], "功率": 1450},
            },
        ),
        (2, {"item_id": "2", "title": "壶", "in_stock": False, "attributes": {"功率": "nan"}}),
    ]


def test_the_same_rows_come_from_every_format(tmp_path: Path) -> None:
    """JSON lines, gzip and Parquet agree."""
    rows = [{"item_id": "1", "title": "壶", "tags": ["a"]}, {"item_id": "2", "title": "杯"}]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(lines.encode()))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    for name in ("a.jsonl", "a.ndjson.gz", "a.parquet"):
        assert [row for _, row in read_rows(tmp_path / name)] == rows, name


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.csv", HEAD + "1,a,x,,,,\n2,b,5,,,,\n", [(1, "wrong_type")]),
        ("a.csv", HEAD + "1,a,5,maybe,,,\n", [(1, "wrong_type")]),
        ("a.csv", HEAD + "1,a,5,,,,,,,\n2,b,,,,,\n", [(1, "malformed")]),
        ("a.csv", "item_id,attributes\n1,{bad\n", [(1, "wrong_type")]),
        ("a.jsonl", '{"a": 1}\n[1]\nnot json\n\n{"b": 2}\n', [(2, "wrong_type"), (3, "malformed")]),
        ("a.jsonl", "[" * 100_000 + "\n", [(1, "malformed")]),
        ("a.jsonl", '{"a":"' + "x" * (5 << 20) + '"}\n{"a": 1}\n', [(1, "too_long")]),
    ],
)
def test_a_bad_row_costs_one_row(tmp_path: Path, name: str, text: str, expected: list) -> None:
    """Its number and code are given, the rows around it are read."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert codes(path) == expected


def test_bytes_that_are_no_text_do_not_stop_the_file(tmp_path: Path) -> None:
    """They come through as lone surrogates, for the row's own check to name."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"item_id,title\n1,\xff\xfe\n2,ok\n")
    assert [row["title"] for _, row in read_rows(path)] == ["\udcff\udcfe", "ok"]


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b""), ("a.parquet", b"PAR1 no"), ("a.csv.gz", b"no gzip"), ("a", b"")]
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    """InputError, with the file's name."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=name):
        list(read_rows(path))

"""Rows of every format, and bad rows that cost one row."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
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


def test_an_open_quote_costs_the_line_that_opened_it(tmp_path: Path) -> None:
    """Whether it is never closed, or closed by the quote of a later cell: the rows below are read."""
    path = tmp_path / "a.csv"
    path.write_text('item_id,title\n1,"a\n2,b\n3,"c"\n4,"d""\n5,"e\nf"\n6,g\n', encoding="utf-8")
    rows = list(read_rows(path))
    assert [row["item_id"] for _, row in rows if not isinstance(row, InputError)] == ["2", "3", "5", "6"]
    assert codes(path) == [(1, "malformed"), (4, "malformed")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_excel_s_encodings_and_separators_are_understood(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    """台灯: desk lamp, 炒锅: wok."""
    path = tmp_path / "a.csv"
    text = f"item_id{delimiter}title\n1{delimiter}台灯\n2{delimiter}炒锅\n"
    path.write_bytes(text.encode(encoding))
    assert [row for _, row in read_rows(path)] == [
        {"item_id": "1", "title": "台灯"},
        {"item_id": "2", "title": "炒锅"},
    ]


def test_a_damaged_line_does_not_change_the_encoding(tmp_path: Path) -> None:
    """One line in GB18030 among lines of UTF-8, and Latin-1, are no text; nothing is guessed."""
    path = tmp_path / "a.csv"
    path.write_bytes("item_id,title\n1,台灯\n2,炒锅\n".encode() + "3,锅\n".encode("gbk"))
    assert [row["title"] for _, row in read_rows(path)] == ["台灯", "炒锅", "\udcb9\udcf8"]
    path.write_bytes("item_id,title\n1,D\xe9cor\n2,Caf\xe9 caf\xe9\n".encode("latin1"))
    assert [row["title"] for _, row in read_rows(path)] == ["D\udce9cor", "Caf\udce9 caf\udce9"]


def test_a_head_s_faults_are_named(tmp_path: Path) -> None:
    """One name twice refuses the file; a cell below no name costs its row, an empty one nothing."""
    path = tmp_path / "a.csv"
    path.write_text("item_id,title,,\n1,a,x,\n2,b,,\n", encoding="utf-8")
    assert codes(path) == [(1, "unknown_field")]
    path.write_text("item_id,title,title\n1,a,b\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.csv.*title twice"):
        list(read_rows(path))
    pq.write_table(
        pa.table([["1"], ["a"], ["b"]], names=["item_id", "title", "title"]), tmp_path / "a.parquet"
    )
    with pytest.raises(InputError, match=r"a\.parquet.*title"):
        list(read_rows(tmp_path / "a.parquet"))


def test_where_a_file_breaks_off_the_rows_before_are_given(tmp_path: Path) -> None:
    """The last row is the error. A file that its own checksum refuses gives none."""
    text = "item_id,title\n" + "".join(f"{n},{n * 7919 % 10007}\n" for n in range(20_000))
    packed = gzip.compress(text.encode())
    path = tmp_path / "a.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    rows = list(read_rows(path))
    assert len(rows) > 5_000
    assert codes(path) == [(len(rows), "unreadable")]
    middle = len(packed) // 2
    for damaged in (packed[:-8] + bytes(8), packed[:middle] + b"\xff\xff" + packed[middle + 2 :]):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match="cannot be read"):
            list(read_rows(path))


@pytest.mark.parametrize(
    ("name", "magic", "advice"),
    [
        ("a.csv", b"PK\x03\x04", "save the sheet as CSV"),
        ("a.csv", b"PAR1", "end in .parquet"),
        ("a.jsonl", gzip.compress(b"{}"), "end in .gz"),
        ("a.csv", b"\xd0\xcf\x11\xe0", "save the sheet as CSV"),
    ],
    ids=["xlsx", "parquet", "gzip", "xls"],
)
def test_a_file_of_another_kind_is_told_what_to_become(
    tmp_path: Path, name: str, magic: bytes, advice: str
) -> None:
    """By its first bytes, whatever its name says."""
    (tmp_path / name).write_bytes(magic)
    with pytest.raises(InputError, match=advice):
        list(read_rows(tmp_path / name))


def test_every_type_of_arrow_becomes_a_type_of_rows(tmp_path: Path) -> None:
    """Nanoseconds, dictionaries, bytes, structs with nulls; no number is nothing, as pandas writes."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    table = pa.table(
        {
            "item_id": pa.array([b"1", b"\xff"]),
            "brand": pa.array(["x", None]).dictionary_encode(),
            "title": pa.array(["a", "b"], pa.large_string()),
            "created_at": pa.array([1_767_225_600_000_000_001, None], pa.timestamp("ns", "Asia/Shanghai")),
            "price_minor": [float("nan"), 5.0],
            "attributes": [{"颜色": "红", "n": None}, None],
            "__index_level_0__": [0, 1],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    (_, first), (_, second) = read_rows(tmp_path / "a.parquet")
    wanted = {"item_id": "1", "brand": "x", "title": "a", "created_at": now, "attributes": {"颜色": "红"}}
    assert first == wanted
    assert second == {"item_id": "\udcff", "title": "b", "price_minor": 5.0}


def test_a_time_that_python_has_none_for_costs_its_row(tmp_path: Path) -> None:
    """Also within a struct."""
    far = pa.array([2**62, 0], pa.timestamp("us"))
    for column in (far, pa.StructArray.from_arrays([far], ["t"])):
        pq.write_table(pa.table({"item_id": ["1", "2"], "created_at": column}), tmp_path / "a.parquet")
        assert [number for number, _ in codes(tmp_path / "a.parquet")] == [1]

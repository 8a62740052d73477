"""Retail Rocket's products: the latest category with its path, and whether they can be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing.contracts.errors import InputError
from offline.importers.item_properties import Properties

HEAD = "timestamp,itemid,property,value\n"
FILES = {
    "category_tree.csv": "categoryid,parentid\n1016,213\n213,\n7,8\n8,7\n9,x\n",
    "item_properties_part1.csv": HEAD
    + "1435460400000,1,categoryid,7\n1442113200000,1,categoryid,1016\n"
    + "1435460400000,1,888,1116713 n277.200\n",
    "item_properties_part2.csv": HEAD
    + "1442113200000,1,available,0\n1435460400000,1,available,1\n1435460400000,2,categoryid,7\n"
    + "1435460400,2,available,0\n1435460400000,2,available,maybe\n1435460400000,,available,0\n",
}


def read(folder: Path) -> tuple[Properties, list[tuple[str, int, str, str]]]:
    properties = Properties()
    told = [
        (name, number, fault.field or "", fault.code)
        for name, number, fault in properties.read(folder)
        if fault is not None
    ]
    return properties, told


def test_the_latest_value_counts_whichever_row_says_it(tmp_path: Path) -> None:
    """With its path from the root; two categories that are each other's parents end somewhere."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    properties, told = read(tmp_path)
    first, second, third = map(properties.item, ("1", "2", "3"))
    assert (first.category, first.in_stock) == (["213", "1016"], False)
    assert (second.category, second.in_stock) == (["8", "7"], True)
    assert (third.title, third.category, third.in_stock) == ("3", [], True)
    assert properties.ids() == {"1", "2"}
    assert told == [
        ("category_tree.csv", 5, "parentid", "wrong_type"),
        ("item_properties_part2.csv", 4, "timestamp", "bad_time"),
        ("item_properties_part2.csv", 5, "value", "wrong_type"),
        ("item_properties_part2.csv", 6, "itemid", "wrong_type"),
    ]


def test_a_file_in_another_form_is_refused(tmp_path: Path) -> None:
    """By its name."""
    (tmp_path / "category_tree.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"category_tree\.csv is in no known form.*'a,b'"):
        read(tmp_path)

"""What Retail Rocket says of its products, beside the log: their categories, and whether they can be had.

``item_properties_part1.csv`` and ``…part2.csv`` hold twenty million rows: from a time on, a property of a
product has a value. Only ``categoryid`` and ``available`` can be read, the others are hashed; of both the
latest counts. ``category_tree.csv`` holds the parent of each category, nothing for a root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from sys import intern

from indexing.contracts.errors import InputError
from indexing.contracts.faults import shown
from indexing.contracts.items import Item
from offline.importers.action_log import RETAILROCKET, found_in
from offline.importers.clocks import MILLISECONDS
from offline.importers.form_rows import form_of, rows_in
from offline.importers.forms import Form

_COLUMNS = ("timestamp", "itemid", "property", "value")
_PARTS = ("item_properties_part1.csv", "item_properties_part2.csv")
_PROPERTIES = Form("item properties", dict.fromkeys(_COLUMNS, ""), MILLISECONDS)
_TREE = Form("category_tree.csv", dict.fromkeys(("categoryid", "parentid"), ""), MILLISECONDS)
_DEPTH = 8


class Properties:
    """Takes a folder row by row; gives the products when all is read. Holds the latest values alone, 200 MB
    for the 400,000 products of the original."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        self._latest: dict[str, dict[str, tuple[datetime, str]]] = {"categoryid": {}, "available": {}}

    def read(self, folder: Path) -> Iterator[tuple[str, int, InputError | None]]:
        """Each row's file and number, and why it was not taken.

        Raises:
            InputError: a file cannot be read, or is in another form.
        """
        yield from _each(folder, _TREE.called, _TREE, self._category)
        for part in _PARTS:
            yield from _each(folder, part, _PROPERTIES, self._property)

    def ids(self) -> set[str]:
        """Of the products that have a category or are said to be available or not."""
        return set().union(*self._latest.values())

    def item(self, item_id: str) -> Item:
        """A product; of one that nothing is known of, its id, which is the title of all."""
        unknown = (None, "")
        _, above = self._latest["categoryid"].get(item_id, unknown)
        _, available = self._latest["available"].get(item_id, unknown)
        path: list[str] = []
        while above and above not in path and len(path) < _DEPTH:
            path.insert(0, above)
            above = self._parents.get(above, "")
        return Item(item_id, item_id, category=path, in_stock=available != "0")

    def _category(self, cells: list[str]) -> None:
        category, parent = cells
        _check("categoryid", category)
        if parent:
            _check("parentid", parent)
            self._parents[category] = parent

    def _property(self, cells: list[str]) -> None:
        time, item_id, name, value = cells
        at = _PROPERTIES.time("timestamp", time)
        _check("itemid", item_id)
        latest = self._latest.get(name)
        if latest is None:
            return
        _check("value", value)
        if item_id not in latest or latest[item_id][0] <= at:
            latest[item_id] = at, intern(value)


def _each(
    folder: Path, name: str, form: Form, take: Callable[[list[str]], None]
) -> Iterator[tuple[str, int, InputError | None]]:
    path = found_in(folder, (name,))
    if path is None:
        return
    for number, cells in rows_in(path, form_of(path, (form,), RETAILROCKET.shop)):
        try:
            if isinstance(cells, InputError):
                raise cells
            take(list(map(str.strip, cells)))
        except InputError as error:
            yield path.name, number, error
        else:
            yield path.name, number, None


def _check(column: str, text: str) -> None:
    """Whatever can be read is a whole number here."""
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise InputError(f"expected a whole number, got {shown(text)}", field=column, code="wrong_type")

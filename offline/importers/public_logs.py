"""The public logs into a shop: what was done, and what is known of the products."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from indexing.contracts.collecting import collected_rarely
from indexing.contracts.errors import InputError
from indexing.contracts.items import Item
from offline.importers import rated_lists
from offline.importers.action_log import MOVIELENS, RETAILROCKET, TAOBAO, Published, log_file, read_actions
from offline.importers.films import read_films
from offline.importers.form_rows import first_line
from offline.importers.item_properties import Properties
from offline.importers.item_rows import Read, read
from offline.importers.work import Work

Categories = dict[str, str | None]
"""The category of each product of a log, as its last row says."""


def taobao(work: Work, path: Path) -> None:
    """The log says the category of each product."""

    def products(found: Categories) -> None:
        work.load(Item(one, one, category=[name] if (name := found[one]) else []) for one in sorted(found))

    _actions(work, log_file(path, TAOBAO.files), TAOBAO, products)


def retail_rocket(work: Work, path: Path) -> None:
    """A folder may say of each product its category and whether it can be had."""

    def products(found: Categories) -> None:
        properties = Properties()
        for source, number, fault in properties.read(path) if path.is_dir() else ():
            work.read("Reading properties")
            if fault is not None:
                work.report.drop(source, number, fault)
        work.load(map(properties.item, sorted(properties.ids().union(found))))

    _actions(work, log_file(path, RETAILROCKET.files), RETAILROCKET, products)


def movielens(work: Work, path: Path) -> None:
    """A folder may say the titles; other films are known by their number alone."""

    def products(found: Categories) -> None:
        titled: set[str] = set()
        if path.is_dir():
            work.put(_films(path, titled))
        work.load(Item(one, f"Movie {one}") for one in sorted(found.keys() - titled))

    file = log_file(path, (*MOVIELENS.files, rated_lists.FILE))
    if rated_lists.is_list(first_line(file)):
        _lists(work, file, products)
    else:
        _actions(work, file, MOVIELENS, products, others=(rated_lists.FORM,))


def _actions(
    work: Work,
    file: Path,
    data: Published,
    products: Callable[[Categories], None],
    *,
    others: tuple[str, ...] = (),
) -> None:
    """The events appear when the products are there."""
    actions = read_actions(file, data, others=others)
    work.declare(data.shop)
    days, found = work.days(file), Categories()
    with collected_rarely():
        for number, action in actions:
            work.read("Reading events")
            if isinstance(action, InputError):
                work.report.drop(file.name, number, action)
                continue
            days.add_row(action.event, number)
            work.report.events += 1
            assert action.event.item_id is not None
            found[action.event.item_id] = action.category
        products(found)
    days.finish()


def _lists(work: Work, file: Path, products: Callable[[Categories], None]) -> None:
    """A line is a user and what they rated."""
    work.declare(MOVIELENS.shop)
    days, found = work.days(file), Categories()
    for number, user, items in rated_lists.read_lists(file):
        work.read("Reading lines")
        if isinstance(items, InputError):
            work.report.drop(file.name, number, items)
            continue
        found.update(dict.fromkeys(map(str, items)))
        for event in rated_lists.purchases(user, items):
            work.report.events += days.add(event)
    products(found)
    days.finish()


def _films(folder: Path, titled: set[str]) -> Iterator[tuple[str, Read]]:
    for source, number, film in read_films(folder):
        if isinstance(film, Item):
            titled.add(film.item_id)
        yield source, read(number, film)

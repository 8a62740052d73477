"""What MovieLens says of its films, beside the ratings: their titles, and their genres as tags.

``movies.csv`` and ``movies.dat`` hold ``film, title, genre|genre``; ``u.item`` holds five cells, the first
two of them film and title, and nineteen flags. What is no UTF-8 is Latin-1, as the older ones are written.

Source: the README of each of the data sets of Harper and Konstan (2015), The MovieLens Datasets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

from indexing.contracts.errors import InputError
from indexing.contracts.items import Item
from indexing.contracts.reading import read_item
from offline.importers.action_log import MOVIELENS, found_in
from offline.importers.form_rows import cells_of

_HEAD = ["movieId", "title", "genres"]
_GENRES = (
    *("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary"),
    *("Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller"),
    *("War", "Western"),
)
_NONE = frozenset({"", "unknown", "(no genres listed)"})


def _named(cells: list[str]) -> list[str]:
    return cells[2].split("|")


def _flagged(cells: list[str]) -> list[str]:
    return list(compress(_GENRES, (cell.strip() == "1" for cell in cells[5:])))


@dataclass(frozen=True, slots=True)
class _Films:
    """A file of films: what parts its cells, how many there are, and the genres they name."""

    separator: str
    width: int
    genres: Callable[[list[str]], list[str]]


_FILES = {
    "movies.csv": _Films(",", 3, _named),
    "movies.dat": _Films("::", 3, _named),
    "u.item": _Films("|", 24, _flagged),
}


def read_films(folder: Path) -> Iterator[tuple[str, int, Item | InputError]]:
    """The file's name, the row's number, and the film or why the row is none; nothing without a file.

    Raises:
        InputError: the file cannot be read.
    """
    path = found_in(folder, tuple(_FILES))
    if path is None:
        return
    films = _FILES[path.name.removesuffix(".gz")]
    heads = 0
    for number, cells in cells_of(path, films.separator):
        if cells == _HEAD:
            heads = 1
            continue
        try:
            yield path.name, number - heads, _film(cells, films)
        except InputError as error:
            yield path.name, number - heads, error


def _film(cells: list[str] | InputError, films: _Films) -> Item:
    if isinstance(cells, InputError):
        raise cells
    if len(cells) != films.width:
        raise InputError(f"expected {films.width} cells, got {len(cells)}", code="malformed")
    genres = [genre.strip() for genre in films.genres(cells)]
    raw = {
        "item_id": cells[0].strip(),
        "title": _text(cells[1]).strip(),
        "tags": [genre for genre in genres if genre not in _NONE],
    }
    return read_item(raw, MOVIELENS.shop)


def _text(cell: str) -> str:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return cell.encode("utf-8", "surrogateescape").decode("latin-1")
    return cell

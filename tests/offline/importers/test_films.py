"""MovieLens's films: titles and genres, from each of the forms they were published in."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing.contracts.items import Item
from offline.importers.films import read_films

FLAGS = "0|0|0|1|1|1" + 13 * "|0"
FORMS = {
    "movies.csv": 'movieId,title,genres\r\n1,"Café, The (1995)",Animation|Comedy\r\n'
    "2,B (1996),(no genres listed)\r\n",
    "movies.dat": "1::Café, The (1995)::Animation|Comedy\n2::B (1996)::\n",
    "u.item": f"1|Café, The (1995)|01-Jan-1995||http://a.example|{FLAGS.replace('|1|1|1', '|1|0|1')}\n"
    f"2|B (1996)|01-Jan-1996|||1{18 * '|0'}\n",
}


def films(folder: Path) -> dict[str, tuple[str, list[str]]]:
    found = [film for _, _, film in read_films(folder)]
    assert all(isinstance(film, Item) for film in found)
    return {film.item_id: (film.title, film.tags) for film in found if isinstance(film, Item)}


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
@pytest.mark.parametrize("name", FORMS)
def test_every_form_says_the_same(tmp_path: Path, name: str, encoding: str) -> None:
    """An é in Latin-1 and in UTF-8; a comma in a title; a film without genres."""
    (tmp_path / name).write_bytes(FORMS[name].encode(encoding))
    assert films(tmp_path) == {
        "1": ("Café, The (1995)", ["Animation", "Comedy"]),
        "2": ("B (1996)", []),
    }


def test_a_quote_in_a_title_is_a_letter_where_no_commas_part_the_cells(tmp_path: Path) -> None:
    """An odd number of them swallows nothing."""
    (tmp_path / "movies.dat").write_text('1::"Cats (1998)::Musical\n2::B (1996)::\n', encoding="utf-8")
    assert films(tmp_path)["1"] == ('"Cats (1998)', ["Musical"])
    assert len(films(tmp_path)) == 2


def test_a_row_that_is_no_film_is_told(tmp_path: Path) -> None:
    """Too few cells, no title, no number."""
    (tmp_path / "movies.dat").write_text("1::A\n2::::Drama\n::C::Drama\n4::D::Drama\n", encoding="utf-8")
    faults = [
        (number, film.field, film.code)
        for _, number, film in read_films(tmp_path)
        if not isinstance(film, Item)
    ]
    assert faults == [(1, None, "malformed"), (2, "title", "too_short"), (3, "item_id", "too_short")]


def test_a_folder_without_films_has_none(tmp_path: Path) -> None:
    """Which is no error."""
    assert films(tmp_path) == {}

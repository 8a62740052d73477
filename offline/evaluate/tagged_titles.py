"""Titles whose product and brand words were marked by people: a character and its tag a line.

Tags are BIEOS with HC for a product word and HP for a brand; an empty line ends a title.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from indexing.contracts.errors import InputError

FILES = ("train.txt.bieos", "dev.txt.bieos", "test.txt.bieos")


@dataclass(frozen=True, slots=True)
class TaggedTitle:
    """A title with its marked words in order, each once."""

    title: str
    brands: tuple[str, ...]
    products: tuple[str, ...]


def read_titles(folder: Path) -> list[TaggedTitle]:
    """Every different title of the three files, in their order; one with a broken tag is an error.

    Raises:
        InputError: a file is missing, or a line holds no character and tag.
    """
    found: dict[str, TaggedTitle] = {}
    for name in FILES:
        if not (folder / name).exists():
            raise InputError(f"{folder} has no {name}", field="path", code="missing")
        for one in _read(folder / name):
            if one.title.strip():
                found.setdefault(one.title, one)
    return list(found.values())


def _read(path: Path) -> Iterator[TaggedTitle]:
    lines = path.read_text(encoding="utf-8").split("\n")
    for filled, group in groupby(enumerate(lines, 1), key=lambda pair: bool(pair[1].strip("\r\n"))):
        if filled:
            pairs = [_pair(path, number, line) for number, line in group]
            words = list(_words(pairs))
            yield TaggedTitle(
                "".join(character for character, _ in pairs),
                tuple(dict.fromkeys(word for word, kind in words if kind == "HP")),
                tuple(dict.fromkeys(word for word, kind in words if kind == "HC")),
            )


def _pair(path: Path, number: int, line: str) -> tuple[str, str]:
    character, tab, tag = line.rstrip("\r").partition("\t")
    if not tab or len(character) != 1:
        raise InputError(
            f"{path.name} line {number}: expected a character, a tab and its tag, got {line!r}",
            code="malformed",
        )
    return character, tag


def _words(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Marked words with their kind; a word that another begins within is dropped."""
    word = kind = ""
    for character, tag in pairs:
        part, _, this = tag.partition("-")
        if part in ("B", "S"):
            word, kind = character, this
        elif part in ("I", "E") and word and this == kind:
            word += character
        else:
            word = ""
        if part in ("E", "S") and word.strip():
            yield word.strip(), kind
            word = ""

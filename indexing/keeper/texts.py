"""Texts of a column: those of the build, and those that came since, each with the code it keeps.

A code of the build never moves, since the codes of a million rows go by it; new texts follow the last one,
in order of arrival. Views share one growing list and each sees as many of it as it was made with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NoReturn, overload

from indexing.contracts.strings import SortedStrings


class Added:
    """Texts that came since the build, of one column. Only ever grows."""

    __slots__ = ("codes", "displays", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.displays: list[str] = []
        self.codes: dict[str, int] = {}

    def append(self, text: str, display: str, code: int) -> None:
        """The next one."""
        self.texts.append(text)
        self.displays.append(display)
        self.codes[text] = code


class ExtendedStrings(SortedStrings):
    """Texts of the build in order, then those added. ``prefix`` is refused: they are not in one order.

    Args:
        built: those of the build.
        added: those since, of which the first ``count`` are seen.
    """

    __slots__ = ("_added", "_built", "_count")

    def __init__(self, built: SortedStrings, added: Added, count: int) -> None:
        super().__init__(built.array)
        self._built = built
        self._added = added
        self._count = count

    def __len__(self) -> int:
        return len(self._built) + self._count

    def __getitem__(self, place: int) -> str:
        if 0 <= place - len(self._built) < self._count:
            return self._added.texts[place - len(self._built)]
        return self._built[place]

    def __iter__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self)))

    def find(self, value: str) -> int:
        """See ``SortedStrings.find``."""
        place = self._built.find(value)
        if place >= 0 or not self._count:
            return place
        code = self._added.codes.get(value, -1)
        return code if code < len(self) else -1

    def prefix(self, prefix: str) -> NoReturn:
        """Refused."""
        raise TypeError(f"the texts of a live column are not in order: no range of {prefix!r}")


class ExtendedTexts(Sequence[str]):
    """Spellings of the build, then those added."""

    __slots__ = ("_added", "_built", "_count")

    def __init__(self, built: Sequence[str], added: Added, count: int) -> None:
        self._built = built
        self._added = added
        self._count = count

    def __len__(self) -> int:
        return len(self._built) + self._count

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...

    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        index = int(place) + (len(self) if place < 0 else 0)
        if not 0 <= index < len(self):
            raise IndexError(place)
        built = len(self._built)
        return self._built[index] if index < built else self._added.displays[index - built]

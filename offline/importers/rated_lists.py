"""MovieLens as collaborative filtering benchmarks publish it: a line is a user and what they rated.

``train.txt`` holds numbers parted by spaces, the user first. There is no time and no price, and a product
is known by its number alone; what is not in the training part is in nobody's history. A rating is taken as
a purchase, the strongest sign there is, all at the end of February 2003, when the ratings end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from indexing.contracts.errors import InputError
from indexing.contracts.events import Event, Line
from offline.importers.text_files import open_text

FILE = "train.txt"
FORM = f"{FILE} (user item item …)"
_WHEN = datetime(2003, 2, 28, tzinfo=UTC)
_LINES = 200
_LIST = re.compile(r" *\d+( [^\t,]*)?", re.ASCII)


def is_list(line: str) -> bool:
    """Whether a file that begins so holds lists: a whole number, and what follows is parted by spaces.

    >>> is_list("0 5 6"), is_list("196\\t242\\t3\\t881250949"), is_list("1::1193::5::978300760")
    (True, False, False)
    """
    return _LIST.fullmatch(line) is not None


def read_lists(path: Path) -> Iterator[tuple[int, int, list[int] | InputError]]:
    """Line number, user (-1 where it is not known) and the different items, or why the line is none.

    Raises:
        InputError: there is no file.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path}", field="path", code="missing")
    seen: set[int] = set()
    with open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            words = line.split()
            if not words:
                continue
            if not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
                detail = "expected whole numbers parted by spaces"
                yield number, -1, InputError(detail, field="line", code="malformed")
                continue
            user, *items = map(int, words)
            if user in seen:
                error = InputError(f"user {user} had a line before", field="user", code="duplicate")
                yield number, user, error
                continue
            seen.add(user)
            yield number, user, list(dict.fromkeys(items))


def purchases(user: int, items: list[int]) -> Iterator[Event]:
    """A user's items as purchases of at most 200 lines."""
    for start in range(0, len(items), _LINES):
        some = items[start : start + _LINES]
        yield Event(
            event="purchase",
            timestamp=_WHEN,
            event_id=f"movielens-{user}-{start // _LINES}",
            client_id=str(user),
            order_id=f"movielens-{user}",
            items=[Line(str(item)) for item in some],
        )

"""Model numbers, sizes and Latin words: what a chain of atoms yields in each mode.

The promise: every spelling of a model number finds every other (``HR7633``, ``HR 7633``, ``HR-7633``,
``hr7633/00``), because the tokens of a query are among those of each title that spells it differently. A
title yields its atoms and their joins; a query yields one join for what is written together, and parts for
what a space divides. A space between two words or two numbers is a word boundary, unless the shop's own
words say otherwise (``tp link``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from indexing.text.runs import LONGEST, Atom
from indexing.text.units import FIRM, LOOSE, UNITS, measures

_WINDOW = 5  # atoms of a title's longest join
_SEGMENTS = 4  # of a query's join: fewer, since a title may cut a segment in two (tp-link)
_PAIR = 12  # letters of two words that may be one (tea pot): longer pairs would only fill the index
_TAIL = 8  # letters of two words within a model number (15 pro max)

Span = tuple[str, int, int]
"""A token's text and its place in the normalised text."""


def index_chain(atoms: Sequence[Atom], compounds: Collection[str]) -> Iterator[Span]:
    """Atoms, joins of neighbours, measures; the same token at the same place only once.

    Args:
        atoms: the chain.
        compounds: words, joined, that a query may hold in two pieces (``tplink``).
    """
    for first, atom in enumerate(atoms):
        yield atom.text, atom.start, atom.end
        if first + 1 < len(atoms):
            yield from dict.fromkeys(_from(atoms, first, compounds))


def _from(atoms: Sequence[Atom], first: int, compounds: Collection[str]) -> Iterator[Span]:
    """Joins and measures that begin with one atom."""
    atom, after = atoms[first], atoms[first + 1]
    joined = atom.text + after.text
    if joined in compounds:
        yield joined, atom.start, after.end
    if atom.digits and after.text in UNITS:
        for measure in measures(atom.text, after.text):
            yield measure, atom.start, after.end
    joined, digits = atom.text, atom.digits
    for last in range(first + 1, min(first + _WINDOW, len(atoms))):
        left, right = atoms[last - 1], atoms[last]
        joined += right.text
        digits = digits or right.digits
        if len(joined) > LONGEST or not _joins(atoms, first, last):
            return
        words = right.gap == " " and not (left.digits or right.digits)
        if words and not (_is_tail(left, right) if digits else last == first + 1 and len(joined) <= _PAIR):
            return
        yield joined, atom.start, right.end
        if words and not digits:
            return


def _joins(atoms: Sequence[Atom], first: int, last: int) -> bool:
    """Whether an atom may be written together with those from ``first`` on."""
    left, right = atoms[last - 1], atoms[last]
    if not right.gap:
        return True
    if left.digits and right.digits:  # hr7633/00 is a model, 1/2 and 24-26 are numbers
        return right.gap != " " and not atoms[first].digits
    if right.gap != " ":
        return right.gap != "/" or left.digits or right.digits
    return not _at_measure(atoms, last)


def _is_tail(left: Atom, right: Atom) -> bool:
    return len(left.text) + len(right.text) <= _TAIL


def _at_measure(atoms: Sequence[Atom], place: int) -> bool:
    """Whether a measure begins or has just ended here: 256gb stands for itself, whatever is beside it."""
    return _measured(atoms, place) or _measured(atoms, place - 2)


def _measured(atoms: Sequence[Atom], place: int) -> bool:
    return 0 <= place < len(atoms) - 1 and atoms[place].digits and atoms[place + 1].text in FIRM


def query_chain(atoms: Sequence[Atom], compounds: Collection[str]) -> Iterator[Span]:
    """One token for each model number, measure or word; arguments as of :func:`index_chain`."""
    held: list[Atom] = []
    for group in _groups(atoms):
        if len(held) == 1 and len(group) == 1 and group[0].gap == " ":
            pair = _apart(held[0], group[0], compounds)
            if pair:
                yield pair
                held = []
                continue
        yield from _token(held)
        held = group
    yield from _token(held)


def _apart(left: Atom, right: Atom, compounds: Collection[str]) -> Span | None:
    """One token for two atoms that belong together although a space divides them: tp link, 256 gb."""
    joined = left.text + right.text
    if joined in compounds:
        return joined, left.start, right.end
    if left.digits and right.text in LOOSE:
        return measures(left.text, right.text)[0], left.start, right.end
    return None


def _groups(atoms: Sequence[Atom]) -> Iterator[list[Atom]]:
    """Atoms that make one token of a query."""
    group: list[Atom] = []
    segments = 0
    for place, atom in enumerate(atoms):
        if group and (_divides(group, atom) or _at_measure(atoms, place)):
            yield group
            group = []
        segments = 1 if not group else segments + (group[-1].digits != atom.digits)
        if segments > _SEGMENTS:
            yield group
            group, segments = [], 1
        group.append(atom)
        if _is_measure(group):
            yield group
            group = []
    if group:
        yield group


def _divides(group: list[Atom], atom: Atom) -> bool:
    """Whether an atom is not written together with the group: white space, a slash, plain numbers."""
    if atom.gap == " ":
        return True
    if group[-1].digits and atom.digits:
        return bool(atom.gap) and group[0].digits  # 24-26 and 2026/11 are numbers, hr7633/00 is a model
    return atom.gap == "/"


def _is_measure(group: list[Atom]) -> bool:
    return len(group) == 2 and group[0].digits and group[1].text in UNITS


def _token(group: list[Atom]) -> Iterator[Span]:
    if not group:
        return
    joined = "".join(atom.text for atom in group)
    if _is_measure(group):
        yield measures(group[0].text, group[1].text)[0], group[0].start, group[1].end
    elif len(joined) <= LONGEST and len(group) <= _WINDOW:
        yield joined, group[0].start, group[-1].end
    else:
        yield from ((atom.text, atom.start, atom.end) for atom in group)

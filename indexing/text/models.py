"""Model numbers, sizes and Latin words: what a chain of atoms yields in each mode.

The promise: every spelling of a model number finds every other (``HR7633``, ``HR 7633``, ``HR-7633``, ``hr7633/00``),
because the tokens of a query are among those of each title that spells it differently. A title yields its atoms and
their joins; a query yields one join for what is written together and parts for what a space divides. A space between
two words or two numbers is a word boundary, unless the shop's own words say otherwise (``tp link``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from indexing.text.runs import LONGEST, Atom
from indexing.text.units import FIRM, LOOSE, UNITS, measures

_WINDOW = 5
_SEGMENTS = 4  # of a query's join: fewer than a window, since a title may cut a segment (tp-link) in two

Span = tuple[str, int, int]
"""A token's text and its place in the normalised text."""


def index_chain(atoms: Sequence[Atom]) -> Iterator[Span]:
    """Atoms, joins of neighbours, measures; the same token at the same place only once."""
    seen: set[Span] = set()
    for first in range(len(atoms)):
        for span in _from(atoms, first):
            if span not in seen:
                seen.add(span)
                yield span


def _from(atoms: Sequence[Atom], first: int) -> Iterator[Span]:
    atom = atoms[first]
    yield atom.text, atom.start, atom.end
    joined = atom.text
    for last in range(first + 1, min(first + _WINDOW, len(atoms))):
        following = atoms[last]
        joined += following.text
        if not _joins(atoms, first, last) or len(joined) > LONGEST:
            return
        yield joined, atom.start, following.end
        if last == first + 1 and atom.digits and following.text in UNITS:
            for measure in measures(atom.text, following.text):
                yield measure, atom.start, following.end
        if (
            following.gap == " "
            and not following.digits
            and not atoms[last - 1].digits
            and last == first + 1
        ):
            return  # two words make a pair, never more


def _joins(atoms: Sequence[Atom], first: int, last: int) -> bool:
    """Whether the atom at ``last`` may be written together with those from ``first`` on."""
    left, right = atoms[last - 1], atoms[last]
    if right.gap == "/":
        return left.digits or right.digits
    if right.gap != " ":
        return True
    if left.digits and right.digits:
        return False
    # 256 gb stands for itself: nobody writes max256gb, and a query would take it apart
    return not (last > first and right.digits and _measured(atoms, last))


def _measured(atoms: Sequence[Atom], place: int) -> bool:
    return place + 1 < len(atoms) and atoms[place + 1].text in FIRM


def query_chain(atoms: Sequence[Atom], compounds: Collection[str]) -> Iterator[Span]:
    """One token for each model number, measure or word.

    Args:
        atoms: the chain.
        compounds: words of the shop that may also be written apart, joined (``tplink``).
    """
    words = [list(_pieces(word)) for word in _words(atoms)]
    place = 0
    while place < len(words):
        here = words[place]
        after = words[place + 1] if place + 1 < len(words) else []
        pair = _pair(here, after, compounds)
        if pair:
            yield from here[:-1]
            yield pair
            words[place + 1] = after[1:]
        else:
            yield from here
        place += 1


def _pair(here: list[Span], after: list[Span], compounds: Collection[str]) -> Span | None:
    """The last piece of a word with the first of the next, where a space divides what belongs together."""
    if not here or not after:
        return None
    (left, start, _), (right, _, end) = here[-1], after[0]
    if left + right in compounds:
        return left + right, start, end
    if left[-1].isdigit() and left[0].isdigit() and right in LOOSE and left.replace(".", "").isdigit():
        return measures(left, right)[0], start, end
    return None


def _words(atoms: Sequence[Atom]) -> Iterator[list[Atom]]:
    """What is written together: divided at white space, at a slash, and between plain numbers."""
    word: list[Atom] = []
    for atom in atoms:
        if word and _divides(word, atom):
            yield word
            word = []
        word.append(atom)
    if word:
        yield word


def _divides(word: list[Atom], atom: Atom) -> bool:
    if atom.gap == " ":
        return True
    if word[-1].digits and atom.digits:
        return bool(atom.gap) and word[0].digits  # 24-26 and 2026/11 are numbers, hr7633/00 is a model
    return atom.gap == "/"


def _pieces(word: list[Atom]) -> Iterator[Span]:
    """Measures by themselves, the rest joined in groups of at most four segments."""
    held: list[Atom] = []
    place = 0
    while place < len(word):
        atom = word[place]
        unit = word[place + 1].text if place + 1 < len(word) else ""
        plain = not held or held[-1].text in UNITS
        if atom.digits and (unit in FIRM or (unit in UNITS and plain and not held)):
            yield from _joined(held)
            held = []
            yield measures(atom.text, unit)[0], atom.start, word[place + 1].end
            place += 2
            continue
        held.append(atom)
        place += 1
    yield from _joined(held)


def _joined(atoms: list[Atom]) -> Iterator[Span]:
    groups: list[list[Atom]] = [[]]
    segments = 0
    for place, atom in enumerate(atoms):
        if place == 0 or atom.digits != atoms[place - 1].digits:
            segments += 1
            if segments > _SEGMENTS:
                groups.append([])
                segments = 1
        groups[-1].append(atom)
    for group in groups:
        joined = "".join(atom.text for atom in group)
        if group and (len(joined) <= LONGEST and len(group) <= _WINDOW):
            yield joined, group[0].start, group[-1].end
        else:
            yield from ((atom.text, atom.start, atom.end) for atom in group)

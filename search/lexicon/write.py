"""Write the query lexicon, ``models/lexicon`` of a snapshot. Called by a build, never while serving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa

from indexing.contracts.strings import SortedStrings
from indexing.text import fold
from search.lexicon.entries import FORMAT, KINDS, MIN_SHOPPERS, LexiconEntry
from search.lexicon.keys import write_keys, write_strings, write_table
from search.lexicon.pinyin import Pinyin, Readings, Unit, initials, spellings
from search.lexicon.prepare import Prepared, prepare
from search.lexicon.sounds import sounded
from search.lexicon.spelling import compact
from search.lexicon.typos import Typos

if TYPE_CHECKING:
    from indexing.text import Analyser

INSIDE = 2.0
"""Taken from the strength of an entry that what was typed begins inside of."""
_LONGEST_KEY = 32
_MOST_HOT = 100


class LexiconReport(msgspec.Struct, frozen=True):
    """What was written, for the manifest."""

    entries: int
    words: int
    synonyms: int
    query_categories: int


def write_lexicon(
    folder: Path,
    entries: Iterable[LexiconEntry],
    *,
    pinyin: Pinyin,
    analyser: Analyser | None = None,
    query_categories: Mapping[str, Sequence[tuple[str, float]]] | None = None,
    synonyms: Iterable[Sequence[str]] = (),
    min_shoppers: int = MIN_SHOPPERS,
) -> LexiconReport:
    """Write the query lexicon.

    Args:
        folder: made when it is absent.
        entries: see :class:`LexiconEntry`. Those with the same kind and folded text become one, weights
            added; of products the one with the greatest weight stays.
        pinyin: readings of a text of Chinese characters; ``pypinyin`` with ``heteronym=True``.
        analyser: when given, an entry is suggested from the beginning of each of its first words too,
            and its words can be corrected to.
        query_categories: categories in which the shoppers who typed a query clicked, as paths joined by
            `` > `` with shares that sum to at most 1.
        synonyms: groups of texts that mean the same, brand names in two scripts included.
        min_shoppers: what a query must have in ``shoppers``.

    Raises:
        ValueError: a query typed by fewer shoppers than that, or a weight that is not above 0.
    """
    folder.mkdir(parents=True, exist_ok=True)
    readings = Readings.make(pinyin)
    readings.save(folder)
    held = prepare(entries, pinyin=pinyin, readings=readings, analyser=analyser, min_shoppers=min_shoppers)
    _write_entries(folder, held)
    _write_suggest(folder, held)
    _write_correct(folder, held)
    words = sum(entry.kind == "word" for entry in held.entries)
    report = LexiconReport(
        len(held.entries) - words,
        words,
        _write_synonyms(folder, synonyms),
        _write_categories(folder, query_categories or {}),
    )
    head = {"format": FORMAT, **msgspec.structs.asdict(report)}
    (folder / "lexicon.json").write_bytes(msgspec.json.encode(head))
    return report


def _write_entries(folder: Path, held: Prepared) -> None:
    entries = held.entries
    columns = {
        "text": pa.array([e.text for e in entries], pa.large_string()),
        "kind": pa.array([KINDS.index(e.kind) for e in entries], pa.int8()),
        "weight": pa.array([e.weight for e in entries], pa.float32()),
        "category": pa.array([e.category for e in entries], pa.large_string()),
        "item_id": pa.array([e.item_id for e in entries], pa.large_string()),
        "sound": pa.array(map(sounded, held.units), pa.large_string()),
    }
    write_table(folder / "entries.arrow", pa.table(columns))
    np.save(folder / "strengths.npy", held.strengths)
    shown = [place for place, entry in enumerate(entries) if entry.kind in ("query", "category")]
    shown.sort(key=lambda place: (entries[place].kind != "query", -float(held.strengths[place]), place))
    np.save(folder / "hot.npy", np.array(shown[:_MOST_HOT], np.int32))


def _write_suggest(folder: Path, held: Prepared) -> None:
    def begun() -> Iterator[tuple[int, Sequence[Unit], float]]:
        for place, entry in enumerate(held.entries):
            if entry.kind != "word":
                for start in held.starts[place]:
                    units = held.units[place][start : start + _LONGEST_KEY]
                    yield place, units, float(held.strengths[place]) - (INSIDE if start else 0.0)

    def spoken() -> Iterator[tuple[int, Sequence[Unit], float]]:
        return (one for one in begun() if any(readings for _, readings in one[1]))

    written = (("".join(c for c, _ in units), place, score) for place, units, score in begun())
    write_keys(folder, "suggest_text", written)
    said = (
        (way[:_LONGEST_KEY], place, score) for place, units, score in spoken() for way in spellings(units)
    )
    write_keys(folder, "suggest_pinyin", said)
    first = ((initials(units), place, score) for place, units, score in spoken())
    write_keys(folder, "suggest_initials", first)


def _write_correct(folder: Path, held: Prepared) -> None:
    usable = [place for place, entry in enumerate(held.entries) if entry.kind != "product"]
    spoken = [place for place in usable if any(readings for _, readings in held.units[place])]
    strength = held.strengths.tolist()
    written = ((held.keys[place], place, strength[place]) for place in usable)
    write_keys(folder, "correct_text", written)
    said = ((way, place, strength[place]) for place in spoken for way in spellings(held.units[place]))
    write_keys(folder, "correct_pinyin", said)
    first = ((initials(held.units[place]), place, strength[place]) for place in spoken)
    write_keys(folder, "correct_initials", first)
    Typos.make((place, held.keys[place]) for place in usable).save(folder, "typos_text")
    # one slip of a spelling is enough: two would make one syllable of most others
    sounds = ((place, spellings(held.units[place])[0]) for place in spoken)
    Typos.make(sounds, most=1).save(folder, "typos_pinyin")


def _write_synonyms(folder: Path, given: Iterable[Sequence[str]]) -> int:
    folded = (tuple(dict.fromkeys(filter(None, map(fold, group)))) for group in given)
    groups = [group for group in folded if len(group) > 1]
    (folder / "synonyms.json").write_bytes(msgspec.json.encode(groups))
    return len(groups)


def _write_categories(folder: Path, given: Mapping[str, Sequence[tuple[str, float]]]) -> int:
    found: dict[str, Sequence[tuple[str, float]]] = {}
    for query, shares in given.items():
        if (key := compact(fold(query))) and shares:
            found.setdefault(key, shares)
    paths = SortedStrings.of(fold(path) for shares in found.values() for path, _ in shares)
    write_strings(folder / "category_paths.arrow", paths)
    leads = (
        (key, paths.find(fold(path)), share) for key, shares in found.items() for path, share in shares
    )
    write_keys(folder, "query_categories", leads)
    return len(found)

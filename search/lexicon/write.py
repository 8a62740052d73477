"""Write the query lexicon, ``models/lexicon`` of a snapshot. Called by a build, never while serving."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log1p
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa

from indexing.contracts.strings import SortedStrings
from indexing.text import fold
from search.lexicon.entries import FORMAT, KINDS, MIN_SHOPPERS, LexiconEntry
from search.lexicon.keys import write_keys, write_strings, write_table
from search.lexicon.pinyin import Pinyin, Readings, Unit, initials, spellings, units_of
from search.lexicon.spelling import compact
from search.lexicon.typos import Typos

if TYPE_CHECKING:
    from indexing.text import Analyser

_PRIOR = {"category": 1.0, "brand": 0.95, "query": 0.9, "word": 0.6, "product": 0.5}
"""Between kinds, whose weights count different things."""
_STARTS = 4
_LONGEST_KEY = 32
_MOST_HOT = 100


@dataclass(frozen=True, slots=True)
class LexiconReport:
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
    held = _merged(entries, min_shoppers)
    held += _words(held, analyser)
    readings = Readings.make(pinyin)
    readings.save(folder)
    strength = _strengths(held)
    units = [units_of(fold(entry.text), pinyin, readings) for entry in held]
    starts = [_starts(entry, analyser) for entry in held]
    _write_entries(folder, held, strength)
    _write_suggest(folder, held, strength, units, starts)
    _write_correct(folder, held, strength, units)
    groups = [list(dict.fromkeys(filter(None, map(fold, group)))) for group in synonyms]
    groups = [group for group in groups if len(group) > 1]
    (folder / "synonyms.json").write_bytes(msgspec.json.encode(groups))
    categories = _write_categories(folder, query_categories or {})
    words = sum(entry.kind == "word" for entry in held)
    report = LexiconReport(len(held) - words, words, len(groups), categories)
    head = {"format": FORMAT, **{name: getattr(report, name) for name in report.__dataclass_fields__}}
    (folder / "lexicon.json").write_bytes(msgspec.json.encode(head))
    return report


def _merged(entries: Iterable[LexiconEntry], min_shoppers: int) -> list[LexiconEntry]:
    best: dict[tuple[str, str], LexiconEntry] = {}
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for entry in entries:
        if entry.kind == "query" and (entry.shoppers or 0) < min_shoppers:
            raise ValueError(
                f"the query {entry.text!r} was typed by {entry.shoppers} shoppers, not {min_shoppers}"
            )
        if not 0 < entry.weight < float("inf"):
            raise ValueError(
                f"{entry.kind} {entry.text!r} has the weight {entry.weight}, which is not above 0"
            )
        key = (entry.kind, compact(fold(entry.text)))
        if not key[1]:
            continue
        if key not in best or entry.weight > best[key].weight:
            best[key] = entry
        weights[key] = (
            max(weights[key], entry.weight) if entry.kind == "product" else weights[key] + entry.weight
        )
    return [
        LexiconEntry(entry.text, entry.kind, weights[key], entry.category, entry.item_id, entry.shoppers)
        for key, entry in sorted(best.items())
    ]


def _words(held: Sequence[LexiconEntry], analyser: Analyser | None) -> list[LexiconEntry]:
    """The words of all texts, with the weights of the texts, but for those that are entries."""
    if analyser is None:
        return []
    weights: dict[str, float] = defaultdict(float)
    for entry in held:
        for word in {token.text for token in analyser.query(entry.text)}:
            weights[word] += entry.weight * _PRIOR[entry.kind]
    known = {fold(entry.text) for entry in held if entry.kind != "product"}
    return [
        LexiconEntry(word, "word", weight)
        for word, weight in sorted(weights.items())
        if word not in known and len(word) > 1 and not word.isdigit()
    ]


def _strengths(held: Sequence[LexiconEntry]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Between 0 and 1: the logarithm of the weight within its kind, times the prior of the kind."""
    most: dict[str, float] = defaultdict(float)
    for entry in held:
        most[entry.kind] = max(most[entry.kind], entry.weight)
    return np.array([_PRIOR[e.kind] * (log1p(e.weight) / log1p(most[e.kind])) for e in held], np.float32)


def _starts(entry: LexiconEntry, analyser: Analyser | None) -> list[int]:
    """Places in the compact text where one may begin to type: its beginning and that of each word."""
    if analyser is None or entry.kind == "word":
        return [0]
    text = fold(entry.text)
    places = {len(compact(text[: token.start])) for token in analyser.query(text)}
    return sorted(places | {0})[:_STARTS]


def _write_entries(folder: Path, held: Sequence[LexiconEntry], strength: np.ndarray) -> None:
    table = pa.table(
        {
            "text": pa.array([e.text for e in held], pa.large_string()),
            "kind": pa.array([KINDS.index(e.kind) for e in held], pa.int8()),
            "weight": pa.array([e.weight for e in held], pa.float32()),
            "category": pa.array([e.category for e in held], pa.large_string()),
            "item_id": pa.array([e.item_id for e in held], pa.large_string()),
        }
    )
    write_table(folder / "entries.arrow", table)
    shown = [i for i, entry in enumerate(held) if entry.kind in ("query", "category")]
    hot = sorted(shown, key=lambda i: (held[i].kind != "query", -float(strength[i]), i))[:_MOST_HOT]
    np.save(folder / "strengths.npy", strength)
    np.save(folder / "hot.npy", np.array(hot, np.int32))


def _write_suggest(
    folder: Path,
    held: Sequence[LexiconEntry],
    strength: np.ndarray,
    units: Sequence[Sequence[Unit]],
    starts: Sequence[Sequence[int]],
) -> None:
    def places() -> Iterator[tuple[int, Sequence[Unit], float]]:
        for index, entry in enumerate(held):
            if entry.kind != "word":
                for start in starts[index]:  # one whole level lower when it begins inside
                    yield index, units[index][start:], float(strength[index]) - (start > 0)

    text = (("".join(c for c, _ in part)[:_LONGEST_KEY], i, score) for i, part, score in places())
    write_keys(folder, "suggest_text", text)
    sound = (
        (spelling[:_LONGEST_KEY], i, score)
        for i, part, score in places()
        if any(said for _, said in part)
        for spelling in spellings(part[:_LONGEST_KEY])
    )
    write_keys(folder, "suggest_pinyin", sound)
    first = (
        (initials(part)[:_LONGEST_KEY], i, score)
        for i, part, score in places()
        if any(said for _, said in part)
    )
    write_keys(folder, "suggest_initials", first)


def _write_correct(
    folder: Path,
    held: Sequence[LexiconEntry],
    strength: np.ndarray,
    units: Sequence[Sequence[Unit]],
) -> None:
    usable = [i for i, entry in enumerate(held) if entry.kind != "product"]
    spoken = [i for i in usable if any(said for _, said in units[i])]
    write_keys(
        folder,
        "correct_pinyin",
        ((way, i, float(strength[i])) for i in spoken for way in spellings(units[i])),
    )
    write_keys(folder, "correct_initials", ((initials(units[i]), i, float(strength[i])) for i in spoken))
    write_keys(
        folder, "correct_text", ((compact(fold(held[i].text)), i, float(strength[i])) for i in usable)
    )
    Typos.make((i, compact(fold(held[i].text))) for i in usable).save(folder)


def _write_categories(folder: Path, found: Mapping[str, Sequence[tuple[str, float]]]) -> int:
    folded: dict[str, Sequence[tuple[str, float]]] = {}
    for query, shares in found.items():
        if (key := compact(fold(query))) and shares:
            folded.setdefault(key, shares)
    paths = SortedStrings.of(fold(path) for shares in folded.values() for path, _ in shares)
    write_strings(folder / "category_paths.arrow", paths)
    write_keys(
        folder,
        "query_categories",
        ((key, paths.find(fold(path)), share) for key, shares in folded.items() for path, share in shares),
    )
    return len(folded)

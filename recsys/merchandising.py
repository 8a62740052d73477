"""The merchandiser's rules, made ready for one request: a filter before the sources, the list after.

Order (``indexing.contracts.rules``): hides are filters; boosts and buries act on the list; pins come last
and obey everything that filters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import FieldKind, field_kinds
from indexing.contracts.errors import FilterError
from indexing.contracts.filter_parser import parse
from indexing.contracts.filters import Filter, Not
from indexing.contracts.ranking import Ranking, Rows, boost
from indexing.contracts.rules import Rule
from indexing.contracts.shop import Shop
from indexing.snapshots.catalogue import Catalogue
from indexing.text import fold
from recsys.result import Note

Mask = npt.NDArray[np.bool_]
Matches = Callable[[Filter], Mask]


@dataclass(frozen=True, slots=True)
class Target:
    """What a rule names: rows, or a filter."""

    rule: Rule
    rows: Rows
    filter: Filter | None

    def hits(self, rows: Rows, matches: Matches) -> Mask:
        """Which of ``rows`` the rule names."""
        if self.filter is None:
            return np.isin(rows, self.rows)
        found: Mask = matches(self.filter)[rows]
        return found


@dataclass(frozen=True, slots=True)
class Merchandising:
    """Rules by what they do, each part in order of ``rule_id``; and notes on rules that cannot be read."""

    hides: tuple[Target, ...]
    boosts: tuple[Target, ...]
    buries: tuple[Target, ...]
    pins: tuple[Target, ...]
    notes: tuple[Note, ...]

    def hidden_by_filter(self) -> list[Filter]:
        """What the one filter must also say."""
        return [Not(target.filter) for target in self.hides if target.filter is not None]

    def hidden_rows(self) -> Rows:
        """Rows hidden by id."""
        return np.concatenate([np.zeros(0, np.int32), *(target.rows for target in self.hides)])


def read_rules(rules: Sequence[Rule], catalogue: Catalogue) -> Merchandising:
    """Make rules ready. A rule whose filter cannot be read in this shop is passed over, with a note."""
    targets: dict[str, list[Target]] = {"hide": [], "boost": [], "bury": [], "pin": []}
    notes = []
    for rule in rules:
        try:
            tree = None if rule.filter is None else _parsed(rule.filter, catalogue.shop)
        except FilterError as error:
            notes.append(Note("rule_ignored", f"rule {rule.rule_id}: {error.detail}"))
            continue
        rows = catalogue.rows_of(rule.item_ids)
        targets[rule.kind].append(Target(rule, rows[rows >= 0], tree))
    return Merchandising(
        hides=tuple(targets["hide"]),
        boosts=tuple(targets["boost"]),
        buries=tuple(targets["bury"]),
        pins=tuple(targets["pin"]),
        notes=tuple(notes),
    )


@lru_cache(maxsize=256)
def _parsed(text: str, shop: Shop) -> Filter:
    """Rules are the same for every request, and reading one takes longer than applying it."""
    kinds: Mapping[str, FieldKind] = field_kinds(shop)
    return parse(text, kinds, fold=fold)


def boosted(found: Ranking, targets: Sequence[Target], matches: Matches, applied: set[str]) -> Ranking:
    """Apply boosts in order; ids of those that name a row of the list go into ``applied``."""
    for target in targets:
        hits = target.hits(found.rows, matches)
        if hits.any():
            found = boost(found, hits, target.rule.factor)
            applied.add(target.rule.rule_id)
    return found


def buried_mask(rows: Rows, targets: Sequence[Target], matches: Matches, applied: set[str]) -> Mask:
    """Which rows go to the end of the list."""
    buried = np.zeros(len(rows), np.bool_)
    for target in targets:
        hits = target.hits(rows, matches)
        if hits.any():
            buried |= hits
            applied.add(target.rule.rule_id)
    return buried


def pin_places(targets: Sequence[Target], allowed: Mask) -> tuple[dict[int, int], dict[int, str]]:
    """0-based place of each pinned row that may be shown, and the rule that pins it.

    A row that two rules pin stands where the smaller ``rule_id`` wants it. Where two want one place, the
    smaller ``rule_id`` has it and the other takes the next free one.
    """
    places: dict[int, int] = {}
    rules: dict[int, str] = {}
    taken: set[int] = set()
    for target in targets:
        place = target.rule.position - 1
        for row in target.rows.tolist():
            if row in places or not allowed[row]:
                continue
            while place in taken:
                place += 1
            places[row] = place
            rules[row] = target.rule.rule_id
            taken.add(place)
    return places, rules

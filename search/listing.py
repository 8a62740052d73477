"""The list of one request, from which every page is cut: the same list for every page, no row twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from indexing.contracts.ranking import Ranking, cut
from search.lists import first_by_group, joined, put_pins
from search.request import DEEPEST, SearchRequest
from search.rules import ListRules

Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list.

    Attributes:
        found: its rows.
        folded: how many variants stand behind a row.
        more: whether the list goes on.
        applied: ids of the rules that acted.
    """

    found: Ranking
    folded: Mapping[int, int] = field(default_factory=dict)
    more: bool = False
    applied: tuple[str, ...] = ()


def plain_page(found: Ranking, groups: Rows, request: SearchRequest) -> Page:
    """Fold variants and cut: for a list that is complete as it is.

    Args:
        groups: code of the group of every row of the catalogue, -1 for none.
    """
    kept, folded = _folded(found, groups)
    return _cut(kept, folded, request, ())


def ranked_page(
    window: Ranking,
    *,
    rest: Callable[[], Ranking],
    extra: Ranking,
    rules: ListRules,
    groups: Rows,
    request: SearchRequest,
) -> Page:
    """The page of a ranked window that is followed by the rest of the retriever's order.

    Boosts and buries act on the window, variants are folded, pins put. ``rest`` is asked only for pages
    that reach past the window, and for buries, which go to the end of everything.

    Args:
        rest: gives the matches after the window.
        extra: related products; after all matches.
    """
    found, applied = rules.move(window)
    kept, folded = _folded(found, groups)
    short = len(kept) <= request.offset + request.limit
    if (rules.buries or short) and len(others := rest()):
        found, buried = rules.bury_again(joined(found, others))
        applied += [rule_id for rule_id in buried if rule_id not in applied]
        kept, _ = _folded(found, groups)
    if len(extra):
        kept, _ = _folded(joined(kept, extra), groups)
    places, pinning = rules.pins()
    kept = put_pins(kept, places, groups)
    return _cut(kept, folded, request, (*applied, *pinning))


def _cut(
    kept: Ranking, folded: Mapping[int, int], request: SearchRequest, applied: tuple[str, ...]
) -> Page:
    end = request.offset + request.limit
    page = cut(kept, request.limit, offset=request.offset)
    return Page(page, folded, len(kept) > end and end < DEEPEST, applied)


def _folded(found: Ranking, groups: Rows) -> tuple[Ranking, dict[int, int]]:
    first, more = first_by_group(found.rows, groups)
    with_more = np.flatnonzero(more)
    rows, others = found.rows[first[with_more]], more[with_more]
    counts = dict(zip(rows.tolist(), others.tolist(), strict=True))
    return found.take(first), counts

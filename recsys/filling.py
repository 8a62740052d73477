"""Fill a list that the sources left short, so that k products come whenever k exist."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexing.contracts.ranking import Ranking, cut
from recsys.ask import Ask, Missing
from recsys.sources import SOURCES
from recsys.variety import Keys, appended, fold_variants, keys_of

_MORE = 4


def filled(found: Ranking, ask: Ask, order: Sequence[str], *, need: int, taken: Keys) -> Ranking:
    """Append rows of further sources until ``need`` rows are there or nothing is left.

    Args:
        found: without variants of one group.
        ask: its mask says what may be added; what ``found`` has already is not.
        order: names of the sources, the best first.
        taken: groups of which no variant may be added.
    """
    for name in order:
        if len(found) >= need:
            break
        found = _from_one(found, ask, name, need, taken)
    return found


def _from_one(found: Ranking, ask: Ask, name: str, need: int, taken: Keys) -> Ranking:
    """Ask again for more while variants of what is there already use up the answers."""
    quota = need
    while len(found) < need:
        mask = ask.mask.copy()
        mask[found.rows] = False
        answer = SOURCES[name](ask.asking(quota, mask))
        if isinstance(answer, Missing) or not len(answer):
            break
        columns = ask.catalogue.columns
        groups = np.concatenate([taken, keys_of(columns, "group", found.rows)])
        new = fold_variants(answer, keys_of(columns, "group", answer.rows), taken=groups[groups >= 0])
        found = appended(found, cut(new, need - len(found)))
        if len(answer) < quota:
            break
        quota *= _MORE
    return found

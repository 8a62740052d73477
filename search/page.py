"""The places of a page: rows with what is said about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexing.contracts.items import Item
from indexing.contracts.ranking import Ranking
from search.listing import Page
from search.rank import Ranked
from search.request import SearchRequest
from search.result import FieldHighlight, Hit


@dataclass(frozen=True, slots=True)
class Ordered:
    """A page with what explains it; nothing does under an explicit sort."""

    page: Page
    ranked: Ranked | None = None
    retrieved: Sequence[Ranking] = ()


def page_hits(
    ordered: Ordered,
    items: Sequence[Item],
    marks: Sequence[tuple[FieldHighlight, ...]],
    request: SearchRequest,
) -> tuple[Hit, ...]:
    """Hits of a page.

    Args:
        items, marks: of its rows, in order.
    """
    page = ordered.page
    features = ordered.ranked.of(page.found.rows) if ordered.ranked else [{}] * len(items)
    return tuple(
        Hit(
            row=row,
            item=items[place],
            position=request.offset + place + 1,
            score=float(page.found.scores[place]),
            source=page.found.source_of(place),
            folded=page.folded.get(row, 0),
            highlights=marks[place],
            features=features[place],
            ranks=_ranks(row, ordered.retrieved) if request.explain else {},
        )
        for place, row in enumerate(page.found.rows.tolist())
    )


def _ranks(row: int, retrieved: Sequence[Ranking]) -> dict[str, int]:
    """1-based rank of a row within each retriever that gave it."""
    places = ((one.names[0], np.flatnonzero(one.rows == row)) for one in retrieved)
    return {name: int(place[0]) + 1 for name, place in places if len(place)}

"""What a worker holds of the items that changed since the build. Nothing of those that did not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import Mask
from indexing.keeper.overlay import Changed, vector_of


@dataclass(frozen=True, slots=True)
class Changes:
    """The changed items of a moment; further ones make a new value.

    Attributes:
        bodies: JSON by row; a row that is not in it has the body of the build.
        new_ids: by row, of rows that follow the build's.
        new_rows: by id, the same.
        dead: rows of deleted items.
        vectors: of texts that are not those of the build, by row.
    """

    bodies: Mapping[int, bytes] = field(default_factory=dict)
    new_ids: Mapping[int, str] = field(default_factory=dict)
    new_rows: Mapping[str, int] = field(default_factory=dict)
    dead: frozenset[int] = frozenset()
    vectors: Mapping[int, npt.NDArray[np.float32]] = field(default_factory=dict)

    def with_more(self, changed: Iterable[Changed], built_rows: int) -> Changes:
        """Later states of some rows."""
        bodies, new_ids, new_rows = dict(self.bodies), dict(self.new_ids), dict(self.new_rows)
        dead, vectors = set(self.dead), dict(self.vectors)
        for one in changed:
            if one.body is not None:
                bodies[one.row] = one.body
            if one.row >= built_rows:
                new_ids[one.row] = one.item_id
                new_rows[one.item_id] = one.row
            (dead.discard if one.alive else dead.add)(one.row)
            vectors.pop(one.row, None)
            if one.vector is not None:
                vectors[one.row] = vector_of(one.vector)
        return Changes(bodies, new_ids, new_rows, frozenset(dead), vectors)

    def rows(self, built_rows: int, rows: int) -> npt.NDArray[np.int32]:
        """Rows that the build has otherwise or not at all, rising, of ``rows`` in all."""
        known = np.fromiter(self.bodies, np.int32, len(self.bodies))
        return np.concatenate(
            [np.sort(known[known < built_rows]), np.arange(built_rows, rows, dtype=np.int32)]
        )

    def alive(self, rows: int) -> Mask:
        """bool (rows,), read-only."""
        found = np.ones(rows, np.bool_)
        found[list(self.dead)] = False
        found.flags.writeable = False
        return found

"""Which kinds of products come together more often than chance would have it.

A pair of products is seldom bought twice in one order; a pair of kinds (the leaves of the category tree) is
bought a thousand times. So kinds say whether one common order or session is a coincidence, and what goes
with a product that nobody has bought yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from indexing.contracts.items import CATEGORY_SEPARATOR

Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


def kinds_of(categories: pa.ChunkedArray) -> Codes:
    """A code for each different category path, int32, -1 for products without category.

    Args:
        categories: lists of names, as ``ITEM_SCHEMA`` has them.
    """
    paths = pc.fill_null(pc.binary_join(categories, CATEGORY_SEPARATOR), "")
    coded = paths.combine_chunks().dictionary_encode()
    codes: Codes = coded.indices.to_numpy()
    none = coded.dictionary.index("").as_py()
    return codes if none < 0 else np.where(codes == none, -1, codes - (codes > none)).astype(np.int32)


@dataclass(frozen=True, slots=True)
class KindPairs:
    """Kinds that go together, both ways.

    Attributes:
        first, second: int32 (n,), different kinds, by first and then by second.
        excess: float32 (n,): of the baskets with ``first``, the share that holds ``second`` beyond chance.
        kinds: how many kinds there are.
    """

    first: Codes
    second: Codes
    excess: Floats
    kinds: int

    def excess_of(self, first: Codes, second: Codes) -> Floats:
        """The excess of each pair, 0 for pairs that are not bought together beyond chance."""
        keys = self.first.astype(np.int64) * self.kinds + self.second
        wanted = first.astype(np.int64) * self.kinds + second
        wanted[(first < 0) | (second < 0)] = -1
        if not len(keys):
            return np.zeros(len(wanted), np.float32)
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        found: Floats = np.where(keys[places] == wanted, self.excess[places], 0).astype(np.float32)
        return found


def kind_pairs(
    basket: Codes, row: Codes, kinds: Codes, *, baskets: int, sigmas: float = 3.0, least: int = 5
) -> KindPairs:
    """Pairs of kinds in the baskets (orders, sessions) of a log.

    Of N baskets, nₐ with kind a and n_b with kind b, chance alone puts ``e = nₐ n_b / N`` in one basket,
    give or take √e. A pair goes together when it has ``sigmas`` times that more, and ``least`` at all.

    Args:
        basket: int32 (n,), -1 for entries of none.
        row: int32 (n,), the product of each entry.
        kinds: int32 (products,), -1 for none.
    """
    count = int(kinds.max(initial=-1)) + 1
    of = kinds[row] if len(row) else np.zeros(0, np.int32)
    used = (basket >= 0) & (of >= 0)
    held = sp.csr_matrix((np.ones(used.sum()), (basket[used], of[used])), shape=(baskets, count))
    held.data[:] = 1.0
    together = (held.T @ held).tocoo()
    filled = max(int((np.diff(held.indptr) > 0).sum()), 1)
    sizes = np.asarray(held.sum(axis=0)).ravel()
    chance = sizes[together.row] * sizes[together.col] / filled
    goes = (
        (together.row != together.col)
        & (together.data >= least)
        & (together.data > chance + sigmas * np.sqrt(chance))
    )
    first, second = together.row[goes].astype(np.int32), together.col[goes].astype(np.int32)
    excess = ((together.data - chance)[goes] / sizes[first]).astype(np.float32)
    order = np.lexsort((second, first))
    return KindPairs(first[order], second[order], excess[order], count)

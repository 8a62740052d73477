"""One view of the catalogue with what search derives from it, made once and used by every request."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexing.contracts.columns import field_kinds
from search.conditions import Kinds
from search.facets import FacetCounter
from search.models import Embedder, Models, open_embedder, open_models
from search.understand import Tagger, Understander
from search.understand.broader import broader

if TYPE_CHECKING:  # a protocol: search needs no snapshot code
    from indexing.snapshots.catalogue import Catalogue


class View:
    """A catalogue and its models.

    Args:
        catalogue: a snapshot, or a live view of one.
        embedder: makes query vectors; None: the snapshot's own text model, where it has one.
    """

    def __init__(self, catalogue: Catalogue, embedder: Embedder | None = None) -> None:
        self.catalogue = catalogue
        self.models: Models = open_models(catalogue)
        self.kinds: Kinds = field_kinds(catalogue.shop)
        self._embedder = embedder

    @cached_property
    def embedder(self) -> Embedder | None:
        """Opened when it is first needed."""
        return self._embedder or open_embedder(self.catalogue)

    @cached_property
    def understander(self) -> Understander:
        """Of queries, in this catalogue's words."""
        catalogue = self.catalogue
        columns = catalogue.columns
        above = broader(catalogue.analyser, tuple(columns.text("category").values))
        tagger = Tagger(columns, catalogue.shop, above)
        return Understander.over(catalogue.analyser, catalogue.lexical, catalogue.shop, self.models, tagger)

    @cached_property
    def counter(self) -> FacetCounter:
        """Of facets."""
        catalogue = self.catalogue
        return FacetCounter(catalogue.lexical, catalogue.columns, catalogue.shop, self.kinds)

    @property
    def groups(self) -> npt.NDArray[np.int32]:
        """Code of the group of each row, -1 for none."""
        return self.catalogue.columns.text("group_id").codes

    @property
    def has_groups(self) -> bool:
        """Whether any product has variants."""
        return len(self.catalogue.columns.text("group_id").values) > 0

"""Find what the words say, with the correction that saves a query from finding nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from indexing.lexical.base import Hits, LexicalIndex, LexicalQuery
from search.conditions import Conditions
from search.correct import Corrector
from search.ladder import Found, Rung, climb, lexical_query
from search.pieces import pieces
from search.stages import Stages
from search.understand import Understander, Wanted

_FEW = 20
_MANY_TIMES = 10
"""So many times what was typed must a correction find to be proposed beside it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was searched in the end."""

    wanted: Wanted
    found: Found
    corrected_to: str | None = None
    did_you_mean: str | None = None


@dataclass(frozen=True, slots=True)
class Finder:
    """One request's way from a query understood to its matches.

    Attributes:
        search: asks the index for as many hits as the request needs, in its order.
        corrector: None: no lexicon, or corrections are not wanted.
        apply: whether a correction may take the place of what was typed.
        whole: only products that match all terms.
        rows: of the catalogue.
    """

    lexical: LexicalIndex
    understander: Understander
    search: Callable[[LexicalQuery], Hits]
    corrector: Corrector | None
    apply: bool
    whole: bool
    rows: int
    stages: Stages

    def find(self, wanted: Wanted, conditions: Conditions) -> Answered:
        """All terms; where they find nothing the best correction, then fewer terms."""
        with self.stages.stage("retrieve"):
            first = self.search(lexical_query(Rung(wanted.terms), conditions, wanted.optional))
        proposal = self._proposal(wanted, conditions, first.total)
        if proposal and first.total == 0 and self.apply:
            other, text = proposal
            self.stages.note("corrected", f"nothing matches {wanted.words!r}; searched for {text!r}")
            return Answered(other, self._climb(other, conditions, None), corrected_to=text)
        found = self._climb(wanted, conditions, first)
        return Answered(wanted, found, did_you_mean=proposal[1] if proposal else None)

    def _climb(self, wanted: Wanted, conditions: Conditions, first: Hits | None) -> Found:
        with self.stages.stage("retrieve"):
            return climb(
                self.search,
                wanted,
                conditions,
                pieces=lambda: pieces(wanted.runs, self.lexical, self.rows),
                first=first,
                whole=self.whole,
                rows=self.rows,
                stages=self.stages,
            )

    def _proposal(self, wanted: Wanted, conditions: Conditions, total: int) -> tuple[Wanted, str] | None:
        """The first correction that finds clearly more than what was typed."""
        if self.corrector is None or total >= _FEW or not self.stages.allows("corrections", 3.0):
            return None
        with self.stages.stage("correct"):
            for text in self.corrector.propose(wanted.words):
                other = self.understander.understand(text, Stages())
                if not other.terms:
                    continue
                query = lexical_query(Rung(other.terms), conditions)
                if self.lexical.count(query) >= max(1, _MANY_TIMES * total):
                    said = f"{text} {wanted.price.said}" if wanted.price else text
                    return replace(other, price=wanted.price, cheap=wanted.cheap), said
        return None

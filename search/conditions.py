"""What a product must fulfil besides its words: filter, hides, refinements, a price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from indexing.contracts.columns import EXACT_FIELDS, FieldKind
from indexing.contracts.filter_parser import parse
from indexing.contracts.filters import Filter, In, Not, all_of
from indexing.contracts.rules import Rule
from indexing.lexical.asking import refinements
from indexing.text import fold

Kinds = Mapping[str, FieldKind]


@dataclass(frozen=True, slots=True)
class Conditions:
    """Filter and refinements, read.

    Attributes:
        hard: the request's filter and the rules' hides; also for facets.
        refine: folded values by field.
        chosen: what ``refine`` means as a filter.
        price: the price that the query names, given up where nothing costs that.
    """

    hard: Filter | None = None
    refine: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chosen: Filter | None = None
    price: Filter | None = None

    @property
    def filter(self) -> Filter | None:
        """Without the refinements, which the lexical index takes apart from it."""
        return all_of(self.hard, self.price)

    @property
    def everything(self) -> Filter | None:
        """With the refinements, for masks."""
        return all_of(self.hard, self.price, self.chosen)

    def with_price(self, price: Filter | None) -> Conditions:
        """With the price that the query names, or with none."""
        return replace(self, price=price)


def read_conditions(
    given: Filter | None, refine: Mapping[str, Sequence[str]], rules: Sequence[Rule], kinds: Kinds
) -> Conditions:
    """Fold and check.

    Raises:
        InputError: a refinement of a field that is not known, or a value that its field cannot have.
        FilterError: the expression of a rule that hides cannot be read.
    """
    hides = (Not(rule_filter(rule, kinds)) for rule in rules if rule.kind == "hide")
    folded = {name: _folded(name, values, kinds) for name, values in refine.items() if values}
    chosen = all_of(*refinements(folded, kinds).values())
    return Conditions(all_of(given, *hides), folded, chosen)


def rule_filter(rule: Rule, kinds: Kinds) -> Filter:
    """The products that a rule is about."""
    if rule.filter is None:
        return In("item_id", tuple(rule.item_ids))
    return parse(rule.filter, kinds, fold=fold)


def _folded(name: str, values: Sequence[str], kinds: Kinds) -> tuple[str, ...]:
    texts = kinds.get(name) in ("text", "texts") and name not in EXACT_FIELDS
    return tuple(dict.fromkeys(map(fold, values) if texts else values))

"""Our queries and filters as tantivy's.

Filters stand beside the terms with a score of zero, so that a page's order is that of its words alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import tantivy

from indexing.contracts.columns import NO_COLUMN
from indexing.contracts.filters import And, Compare, Exists, Filter, In, Not, Or, Scalar
from indexing.lexical.asking import refinements
from indexing.lexical.base import Kinds, LexicalQuery, Term
from indexing.lexical.tantivy_schema import CHARACTERS, ROW, WORDS

Query = tantivy.Query
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_FLOAT, _UNSIGNED = tantivy.FieldType.Float, tantivy.FieldType.Unsigned


class Translator:
    """Translates for one schema.

    Args:
        schema: of the index.
        kinds: the fields it was made of.
    """

    def __init__(self, schema: tantivy.Schema, kinds: Kinds) -> None:
        self._schema = schema
        self._kinds = kinds

    def query(self, query: LexicalQuery, *, without: str | None = None, scored: bool = False) -> Query:
        """The whole query, but for the refinement on the field ``without``; with the optional terms only
        where scores are wanted."""
        refined = refinements(query.refine, self._kinds)
        conditions = [part for name, part in refined.items() if name != without]
        if query.filter is not None:
            conditions.insert(0, query.filter)
        terms = self._terms(query)
        if scored and query.terms and query.optional:
            beside = [(_SHOULD, self._one(term)) for term in query.optional]
            terms = Query.boolean_query([(_MUST, terms), *beside])
        if not conditions:
            return terms
        condition = self.filter(conditions[0] if len(conditions) == 1 else And(tuple(conditions)))
        if not query.terms:
            return condition
        return Query.boolean_query([(_MUST, terms), (_MUST, Query.const_score_query(condition, 0.0))])

    def below(self, query: Query, row: int) -> Query:
        """The query among rows smaller than ``row``, with the same scores."""
        rows = Query.range_query(self._schema, ROW, _UNSIGNED, upper_bound=row, include_upper=False)
        return Query.boolean_query([(_MUST, query), (_MUST, Query.const_score_query(rows, 0.0))])

    def row(self, row: int) -> Query:
        """The document of a row."""
        return Query.term_query(self._schema, ROW, row)

    def filter(self, tree: Filter) -> Query:
        """A filter; its score means nothing."""
        match tree:
            case And(parts):
                return self._all(parts)
            case Or(parts):
                return _any([self.filter(part) for part in parts])
            case Not():
                return self._all((tree,))
            case Exists(field):
                return self._exists(field)
            case In(field, values):
                return _any([self._equals(field, value) for value in dict.fromkeys(values)])
            case Compare():
                return self._compare(tree)

    def _all(self, parts: Sequence[Filter]) -> Query:
        """What must not match stands beside what must, so that nothing scans all documents for it."""
        clauses = [
            (_NOT, self.filter(part.part)) if isinstance(part, Not) else (_MUST, self.filter(part))
            for part in parts
        ]
        if all(occur == _NOT for occur, _ in clauses):
            clauses.append((_MUST, Query.all_query()))
        return Query.boolean_query(clauses)

    def _compare(self, leaf: Compare) -> Query:
        match leaf.operator:
            case "=":
                return self._equals(leaf.field, leaf.value)
            case "!=":
                clauses = [(_MUST, self._exists(leaf.field)), (_NOT, self._equals(leaf.field, leaf.value))]
                return Query.boolean_query(clauses)
        assert not isinstance(leaf.value, str)
        bound, closed = _unsigned_zero(leaf.value), leaf.operator.endswith("=")
        if leaf.operator.startswith("<"):
            return Query.range_query(
                self._schema, leaf.field, _FLOAT, upper_bound=bound, include_upper=closed
            )
        return Query.range_query(self._schema, leaf.field, _FLOAT, lower_bound=bound, include_lower=closed)

    def _equals(self, field: str, value: Scalar) -> Query:
        if isinstance(value, str) or self._kinds[field] == "flag":
            return self._term(field, value, "basic")
        number = _unsigned_zero(value)
        return Query.range_query(self._schema, field, _FLOAT, lower_bound=number, upper_bound=number)

    def _exists(self, field: str) -> Query:
        return Query.all_query() if field in NO_COLUMN else Query.exists_query(field)

    def _term(self, field: str, value: Scalar, option: str) -> Query:
        if isinstance(value, str) and not _encodes(value):
            return Query.empty_query()
        return Query.term_query(self._schema, field, value, index_option=option)

    def _terms(self, query: LexicalQuery) -> Query:
        if not query.terms:
            return Query.all_query()
        needed = len(query.terms) if query.minimum is None else query.minimum
        terms = [self._one(term) for term in query.terms]
        if needed > len(terms):
            return Query.empty_query()
        if needed == len(terms):
            return terms[0] if len(terms) == 1 else Query.boolean_query([(_MUST, term) for term in terms])
        clauses = [(_SHOULD, term) for term in terms]
        if needed <= 0:
            clauses.append((_MUST, Query.const_score_query(Query.all_query(), 0.0)))
            return Query.boolean_query(clauses)
        if needed == 1:  # what a list of SHOULD means anyway, without the slow way of counting
            return Query.boolean_query(clauses)
        return Query.boolean_query(clauses, minimum_number_should_match=needed)

    def _one(self, term: Term) -> Query:
        """The best alternative counts: saying a thing in two ways does not make it twice as good."""
        parts = [_boosted(self._term(WORDS, word, "freq"), boost) for word, boost in term.words]
        parts += [self._phrase(phrase) for phrase in term.phrases if phrase]
        if not parts:
            return Query.empty_query()
        best = parts[0] if len(parts) == 1 else Query.disjunction_max_query(parts)
        return _boosted(best, term.weight)

    def _phrase(self, phrase: tuple[str, ...]) -> Query:
        if not all(map(_encodes, phrase)):
            return Query.empty_query()
        if len(phrase) == 1:  # tantivy panics on a phrase of one
            return self._term(CHARACTERS, phrase[0], "freq")
        return Query.phrase_query(self._schema, CHARACTERS, list(phrase))


def _any(parts: list[Query]) -> Query:
    return parts[0] if len(parts) == 1 else Query.boolean_query([(_SHOULD, part) for part in parts])


def _boosted(query: Query, boost: float) -> Query:
    return query if boost == 1.0 else Query.boost_query(query, boost)


def _unsigned_zero(number: float) -> float:
    """tantivy's order puts -0.0 before 0.0; adding 0.0 makes them one."""
    return float(number) + 0.0


def _encodes(text: str) -> bool:
    """A lone surrogate stands in no document, and tantivy refuses it."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)

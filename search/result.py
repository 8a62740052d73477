"""What a search answers with. Rows become ids at the edge, in ``api``."""

from __future__ import annotations

import msgspec

from indexing.contracts.items import Item

Span = tuple[int, int]


class Note(msgspec.Struct, frozen=True):
    """Something the caller should know: a stage that was skipped, a model that is absent, a step taken.

    ``code`` is stable; ``detail`` is a sentence in English.
    """

    code: str
    detail: str


class Step(msgspec.Struct, frozen=True):
    """One rung of the ladder that was tried.

    Attributes:
        terms: what had to match.
        dropped: what was left out, from the first rung on.
        minimum: how many of the terms had to match, None: all.
        total: what was found.
        characters: the terms were also sought as neighbouring characters.
    """

    terms: tuple[str, ...]
    dropped: tuple[str, ...]
    total: int
    minimum: int | None = None
    characters: bool = False


class FieldHighlight(msgspec.Struct, frozen=True):
    """Half-open spans in code points of the field's text."""

    field: str
    spans: tuple[Span, ...]


class Hit(msgspec.Struct, frozen=True):
    """One place of the list.

    Attributes:
        position: 1-based, over all pages.
        source: what brought it: ``words``, ``category`` (the words, within the query's category),
            ``vectors``, ``popular``, ``boost`` or ``pin``; after the last match ``fewer`` (some of the
            words) and ``vectors``.
        folded: how many variants of the same product stand behind it on the list.
        features: rank features by name; empty under an explicit sort and past the ranked window.
        ranks: 1-based rank within each retriever that found it; only with ``explain``.
    """

    row: int
    item: Item
    position: int
    score: float
    source: str
    folded: int = 0
    highlights: tuple[FieldHighlight, ...] = ()
    features: dict[str, float] = {}
    ranks: dict[str, int] = {}


class FacetValue(msgspec.Struct, frozen=True):
    """One value of a facet.

    Attributes:
        value: to be given back in ``refine``; for ranges ``"from..to"``.
        label: what to show: the last name of a category path, else the value.
        depth: of a category in its tree, 0 for the root; 0 for all else.
    """

    value: str
    count: int
    selected: bool = False
    label: str = ""
    depth: int = 0


class FacetRange(msgspec.Struct, frozen=True):
    """Of a number field over the matches; None where no match has a value."""

    count: int
    minimum: float | None
    maximum: float | None
    mean: float | None


class Understanding(msgspec.Struct, frozen=True):
    """What the query was taken to mean; for the ladder's reader and the debugger.

    Attributes:
        text: folded query.
        terms: what must match.
        ignored: selling and stop words, which never exclude a product.
        brands, categories: folded values recognised.
        price: ``"from..to"`` in minor units when the query names a price.
    """

    text: str = ""
    terms: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    price: str | None = None


class SearchResult(msgspec.Struct, frozen=True):
    """A page.

    Attributes:
        hits: of the page, in order.
        total: items that match the words of the last rung of ``ladder``, filter and refinements,
            variants counted each.
        more: whether a further page has anything.
        did_you_mean: a query that finds more.
        corrected_to: the query that was searched in the place of the one typed, which found nothing.
        redirect: None today.
        rules_applied: ids of the rules that acted on this answer.
        timings_ms: by stage.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    total_is_exact: bool = True
    more: bool = False
    facets: dict[str, tuple[FacetValue, ...]] = {}
    facet_stats: dict[str, FacetRange] = {}
    ladder: tuple[Step, ...] = ()
    did_you_mean: str | None = None
    corrected_to: str | None = None
    redirect: str | None = None
    rules_applied: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    timings_ms: dict[str, float] = {}
    understanding: Understanding = Understanding()


class Suggestion(msgspec.Struct, frozen=True):
    """One line under the search box.

    Attributes:
        kind: ``query``, ``category``, ``brand`` or ``product``.
        spans: what of ``text`` was typed, by character or by sound.
        item_id: of a product.
        category: path of a category, or where the query leads.
    """

    text: str
    kind: str
    spans: tuple[Span, ...] = ()
    item_id: str | None = None
    category: str | None = None


class SuggestResult(msgspec.Struct, frozen=True):
    """Suggestions, best first."""

    suggestions: tuple[Suggestion, ...] = ()
    notes: tuple[Note, ...] = ()
    timings_ms: dict[str, float] = {}

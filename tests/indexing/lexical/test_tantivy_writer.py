"""Documents on their way into tantivy."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.columns import field_kinds
from indexing.contracts.filters import Compare
from indexing.contracts.shop import Attribute, Shop
from indexing.lexical import TantivyIndex, prepared, write_index
from indexing.lexical.base import Document, LexicalQuery, SpacedDocument, Term

KINDS = field_kinds(Shop(attributes=(Attribute("尺寸", type="number"),)))
FIELD = "attributes.尺寸"
NUMBERS = [
    0.0,
    -0.0,
    1.5,
    4.6,
    669_900.0,
    0.1 + 0.2,
    1e15,
    2.0**53 + 2,
    1e300,
    5e-324,
    -1.7976931348623157e308,
]


def test_every_number_comes_in_as_it_is(tmp_path: Path) -> None:
    """Whether JSON can tell it or not: found by itself, and by nothing beside it."""
    documents = [SpacedDocument(row, "a", "a", {FIELD: number}) for row, number in enumerate(NUMBERS)]
    write_index(tmp_path, KINDS, map(prepared, documents))
    index = TantivyIndex.open(tmp_path, KINDS)
    for number in NUMBERS:
        assert index.count(LexicalQuery(filter=Compare(FIELD, "=", number))) == NUMBERS.count(number)
        beside = math.nextafter(number, 0.0 if number else 1.0)
        if beside not in NUMBERS:
            assert index.count(LexicalQuery(filter=Compare(FIELD, "=", beside))) == 0


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_json_is_used_for_numbers_of_few_digits(number: float) -> None:
    """Prices, marks and moments go as JSON; what has more digits goes as it is."""
    made = prepared(SpacedDocument(0, "a", "a", {FIELD: number}))
    assert (
        isinstance(made, bytes)
        or len(f"{abs(number):.17g}".replace(".", "").strip("0")) > 15
        or not (1e-15 < abs(number) < 1e15)
    )
    assert isinstance(prepared(SpacedDocument(0, "a", "a", {FIELD: round(number % 1e6, 6)})), bytes)


@pytest.mark.parametrize("text", ['"', "\\", "\x1f", "😀", "\u2028", "a b"])
def test_texts_come_in_as_they_are(tmp_path: Path, text: str) -> None:
    """Whatever JSON must escape."""
    document = Document(0, [text], [text, "b"], {"item_id": text, "tags": [text, "t"], "in_stock": True})
    write_index(tmp_path, KINDS, [prepared(document.spaced())])
    index = TantivyIndex.open(tmp_path, KINDS)
    for condition in (Compare("item_id", "=", text), Compare("tags", "=", text)):
        assert index.count(LexicalQuery(filter=condition)) == 1
    assert index.count(LexicalQuery((Term(((text.split(" ", maxsplit=1)[0], 1.0),)),))) == 1

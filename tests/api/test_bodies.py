"""Requests from addresses."""

from __future__ import annotations

import pytest
from starlette.datastructures import QueryParams

from api.bodies import from_query, list_fields
from api.types import RecommendBody, SearchBody
from indexing.contracts.errors import InputError


def test_numbers_flags_lists_and_objects() -> None:
    """As text, repeated, and with a dot."""
    params = QueryParams(
        "query=a&page=2&personalized=false&facets=brand&facets=tags&refine.brand=x&refine.brand=y"
    )
    body = from_query(params, SearchBody)
    assert (body.query, body.page, body.personalized) == ("a", 2, False)
    assert (body.facets, body.refine) == (["brand", "tags"], {"brand": ["x", "y"]})


def test_a_field_with_dots() -> None:
    """The name of an attribute has one of its own."""
    body = from_query(QueryParams("refine.attributes.颜色=黑"), SearchBody)
    assert body.refine == {"attributes.颜色": ["黑"]}


def test_brackets() -> None:
    """As clients write it that were made from the description (``deepObject``)."""
    params = QueryParams("refine[brand]=x&refine[brand]=y&refine[attributes.颜色]=黑&refine[tags]=")
    body = from_query(params, SearchBody)
    assert body.refine == {"brand": ["x", "y"], "attributes.颜色": ["黑"], "tags": [""]}


@pytest.mark.parametrize(
    ("address", "field", "code"),
    [
        ("colour=1", "colour", "unknown_field"),
        ("colour.x=1", "colour.x", "unknown_field"),
        ("page=x", "page", "wrong_type"),
        ("page=1.5", "page", "wrong_type"),
        ("page=0", "page", "out_of_range"),
        ("page=1&page=2", "page", "repeated"),
        ("refine=x", "refine", "wrong_type"),
        ("refine=x&refine.brand=y", "refine", "wrong_type"),
        ("refine.brand=y&refine=x", "refine", "wrong_type"),
        ("colour[x]=1", "colour[x]", "unknown_field"),
    ],
)
def test_what_cannot_be(address: str, field: str, code: str) -> None:
    """Named by field and code."""
    with pytest.raises(InputError) as caught:
        from_query(QueryParams(address), SearchBody)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_containers_are_found_in_types() -> None:
    """Also behind annotations and None."""
    assert list_fields(SearchBody) == {
        "facets": list,
        "refine": dict,
        "facet_ranges": dict,
        "fields": list,
    }
    assert list_fields(RecommendBody)["item_ids"] is list

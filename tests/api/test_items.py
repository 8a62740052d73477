"""Products: put, patch, delete, bulk; each bad row reported, the good ones taken."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.api.conftest import Service
from tests.api.test_problems import JSON, check

MUG = {"title": "马克杯", "price_minor": 1990}


def test_put_get_patch_delete(bare: Service) -> None:
    """What was stored is read back as it is; ids may hold slashes and any text."""
    for item_id in ("mug", "a/b", "杯 1", "a?b"):
        address = "/v1/items/" + quote(item_id)
        assert bare.call("PUT", address, json=MUG).json()["outcome"] == "created"
        assert bare.call("GET", address).json() == MUG | {"item_id": item_id, "in_stock": True}
        assert (
            bare.call("PATCH", address, json={"price": "5.50", "brand": "X"}).json()["outcome"] == "updated"
        )
        expected = {
            "item_id": item_id,
            "in_stock": True,
            "title": "马克杯",
            "price_minor": 550,
            "brand": "X",
        }
        assert bare.call("GET", address).json() == expected
        assert (
            bare.call("PATCH", address, json={"brand": None, "tags": None}).json()["outcome"] == "updated"
        )
        assert "brand" not in bare.call("GET", address).json()
        assert bare.call("DELETE", address).json()["outcome"] == "deleted"
        check(bare.call("GET", address), 404, "unknown_item")
        check(bare.call("PATCH", address, json={"price_minor": 5}), 404, "unknown_item")
        check(bare.call("DELETE", address), 404, "unknown_item")


def test_the_newer_version_wins(bare: Service) -> None:
    """An older state that arrives later changes nothing."""
    assert bare.call("PUT", "/v1/items/v", json=MUG | {"version": 5}).json()["outcome"] == "created"
    assert (
        bare.call("PUT", "/v1/items/v", json=MUG | {"version": 4, "title": "alt"}).json()["outcome"]
        == "stale"
    )
    assert (
        bare.call("PATCH", "/v1/items/v", json={"price_minor": 1, "version": 4}).json()["outcome"]
        == "stale"
    )
    assert bare.call("DELETE", "/v1/items/v?version=3").json()["outcome"] == "stale"
    assert bare.call("GET", "/v1/items/v").json() == MUG | {"item_id": "v", "in_stock": True, "version": 5}


@pytest.mark.parametrize(
    ("method", "body", "field", "code"),
    [
        ("PUT", {}, "title", "missing"),
        ("PUT", MUG | {"item_id": "other"}, "item_id", "conflict"),
        ("PUT", MUG | {"item_id": 5}, "item_id", "conflict"),
        ("PUT", MUG | {"colour": 1}, "colour", "unknown_field"),
        ("PUT", MUG | {"price_minor": 1.5}, "price_minor", "wrong_type"),
        ("PUT", MUG | {"title": "a\x00"}, "title", "not_unicode"),
        ("PUT", [], None, "wrong_type"),
        ("PATCH", {}, None, "missing"),
        ("PATCH", {"title": None}, "title", "wrong_type"),
        ("PATCH", {"item_id": "other", "price_minor": 5}, "item_id", "conflict"),
        ("PATCH", [], None, "wrong_type"),
    ],
)
def test_a_bad_product(bare: Service, method: str, body: Any, field: str | None, code: str) -> None:
    """400 with the field, and nothing was stored."""
    problem = check(bare.call(method, "/v1/items/bad", json=body), 400, code)
    assert [one["field"] for one in problem.get("errors", [])] == ([field] if field else [])
    check(bare.call("GET", "/v1/items/bad"), 404, "unknown_item")


def test_ids_that_cannot_be(bare: Service) -> None:
    """Too long, or with NUL: unknown when read, wrong when written."""
    for address, code in (("/v1/items/" + "x" * 129, "too_long"), ("/v1/items/a%00b", "not_unicode")):
        check(bare.call("GET", address), 404, "unknown_item")
        check(bare.call("PUT", address, json=MUG), 400, code)
        check(bare.call("PATCH", address, json={"price_minor": 5}), 400, code)
        check(bare.call("DELETE", address), 400, code)
    check(bare.call("DELETE", "/v1/items/x?version=-1"), 400, "out_of_range")


@pytest.mark.parametrize("item_id", ["a/b", "a\nb", "\n", "a b", "..", "?#%", "手机\u200b", "\u202e"])
def test_every_id_has_an_address(bare: Service, item_id: str) -> None:
    """What a batch may name can be read and deleted one by one."""
    assert bare.post("/v1/items/bulk", [{"item_id": item_id, **MUG}]).json()["outcomes"] == {"created": 1}
    address = "/v1/items/" + quote(item_id, safe="")
    if item_id != "..":  # a client takes it for the folder above
        assert bare.call("GET", address).json()["item_id"] == item_id
        assert bare.call("DELETE", address).json()["outcome"] == "deleted"


def test_an_address_in_another_encoding(bare: Service) -> None:
    """GBK is refused: read as UTF-8 it would make another product than was meant."""
    check(bare.call("PUT", "/v1/items/%ca%d6", json=MUG), 400, "not_utf8")
    check(bare.call("GET", "/v1/search?query=%ca%d6"), 400, "not_utf8")


def test_half_a_character_costs_its_own_row(bare: Service) -> None:
    """A lone surrogate is JSON to a script; the rows beside it are taken."""
    body = rb"""{"items": [{"item_id": "x1", "title": "cup"}, {"item_id": "x2", "title": "cup \ud83d"},
                {"item_id": "\udc00", "title": "cup"}, {"item_id": "x3", "title": "cup", "\ud800": 1}]}"""
    told = bare.call("POST", "/v1/items/bulk", content=body, headers=JSON).json()
    assert told["outcomes"] == {"created": 1}
    assert [(row["index"], row["code"]) for row in told["rejected"]] == [
        (1, "not_unicode"),
        (2, "not_unicode"),
        (3, "not_unicode"),
    ]


@pytest.mark.parametrize("address", ["/v1/items/bulk", "/v1/items:bulk"])
def test_bulk(bare: Service, address: str) -> None:
    """Put, patch and delete in one call, in that order; bad rows are named by part and place, and so are
    patches of products that are not there."""
    bare.call("PUT", "/v1/items/old", json=MUG)
    body = {
        "items": [
            {"item_id": "a", **MUG},
            {"item_id": "b"},
            5,
            {"item_id": "c", "name": "Cup", "price": "1.00"},
        ],
        "patch": [{"item_id": "a", "in_stock": False}, {"price_minor": 5}, {"item_id": "zz", "brand": "x"}],
        "delete": ["old", 7, {"item_id": "nothing"}, {"item_id": "a", "colour": 1}],
    }
    told = bare.post(address, body).json()
    assert told["outcomes"] == {"created": 2, "deleted": 1, "missing": 2, "updated": 1}
    rows = [
        (row["part"], row["index"], row["item_id"], row["field"], row["code"]) for row in told["rejected"]
    ]
    assert rows == [
        ("items", 1, "b", "title", "missing"),
        ("items", 2, None, None, "wrong_type"),
        ("patch", 1, None, "item_id", "missing"),
        ("patch", 2, "zz", "item_id", "unknown_item"),
        ("delete", 1, None, "item_id", "wrong_type"),
        ("delete", 3, "a", "colour", "unknown_field"),
    ]
    assert bare.call("GET", "/v1/items/a").json()["in_stock"] is False
    assert bare.call("GET", "/v1/items/c").json()["price_minor"] == 100
    check(bare.call("GET", "/v1/items/old"), 404, "unknown_item")


def test_a_bulk_that_is_none(bare: Service) -> None:
    """400 for the whole."""
    for body, code in (
        (5, "wrong_type"),
        ({"items": {}}, "wrong_type"),
        ({"things": []}, "unknown_field"),
        ([{}] * 10_001, "too_long"),
    ):
        check(bare.post("/v1/items/bulk", body), 400, code)
    assert bare.post("/v1/items/bulk", []).json() == {"outcomes": {}, "rejected": []}
    assert bare.post("/v1/items/bulk", [{"item_id": "l", **MUG}]).json()["outcomes"] == {"created": 1}


def test_declared_attributes_have_their_type(service: Service) -> None:
    """The shop's own declaration is what a product is read by."""
    body = MUG | {"attributes": {"屏幕": "6.1"}}
    problem = check(service.call("PUT", "/v1/items/typed", json=body), 400, "wrong_type")
    assert problem["errors"][0]["field"] == "attributes.屏幕"

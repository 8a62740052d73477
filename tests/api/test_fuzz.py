"""schemathesis over the description: what fits it and what does not, a bounded number of cases each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import GenerationMode
from schemathesis.schemas import APIOperation

from api.openapi import describe
from api.problems import MEDIA_TYPE
from api.settings import Settings
from api.v1 import ENDPOINTS
from indexing.journal import open_journal
from tests.api.conftest import Service, run

CASES = int(os.environ.get("DAOGOU_FUZZ_CASES", "12"))
"""For each operation and each way; more at length by the environment."""

SCHEMA = schemathesis.openapi.from_dict(describe(ENDPOINTS))
OPERATIONS = {result.ok().label: result.ok() for result in SCHEMA.get_all_operations()}


@pytest.fixture(scope="module")
def fuzzed(built: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The built shop with a journal of its own: anything may be stored here."""
    home = tmp_path_factory.mktemp("fuzz")
    (home / "snapshots").symlink_to(built / "snapshots")
    (home / "shop.toml").write_bytes((built / "shop.toml").read_bytes())
    name = next((built / "snapshots").glob("2*")).name
    with open_journal(home) as journal:
        journal.control.swap(name, None, "test")
    yield from run(Settings(home=home))


BLIND = {"GET /v1/daogou.js", "GET /v1/health/live", "GET /v1/health/ready", "GET /v1/metrics"}
"""They take nothing, so nothing can fail to fit."""
CASES_OF = [(label, GenerationMode.POSITIVE) for label in sorted(OPERATIONS)] + [
    (label, GenerationMode.NEGATIVE) for label in sorted(OPERATIONS.keys() - BLIND)
]


@pytest.mark.parametrize(("label", "mode"), CASES_OF)
def test_no_request_stumbles(fuzzed: Service, label: str, mode: GenerationMode) -> None:
    """No 5xx, no 422; what goes wrong has the one shape, what goes well has the described status. Of what
    fits the description some goes well: products are asked for that are there."""
    operation: APIOperation[Any, Any, Any, Any] = OPERATIONS[label]
    statuses: set[int] = set()

    @settings(max_examples=CASES, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: schemathesis.Case) -> None:
        sent = case.as_transport_kwargs(base_url="http://testserver")
        sent["headers"] = dict(sent["headers"] or {}) | {"Authorization": f"Bearer {fuzzed.keys['all']}"}
        sent.pop("cookies", None)
        assume(len(str(sent.get("params"))) < 5000)  # the client builds no address of more than 64 KiB
        if mode is GenerationMode.POSITIVE and "{item_id}" in label:
            _make_there(fuzzed, case, sent)
        response = fuzzed.http.request(sent.pop("method"), sent.pop("url"), **_content(sent))
        statuses.add(response.status_code)
        assert response.status_code < 500, response.text
        assert response.status_code != 422
        if response.status_code >= 400:
            assert response.headers["content-type"] == MEDIA_TYPE
        else:
            assert str(response.status_code) in case.operation.definition.raw["responses"]

    one()
    if mode is GenerationMode.POSITIVE:
        assert min(statuses) < 300


def _make_there(fuzzed: Service, case: schemathesis.Case, sent: dict[str, Any]) -> None:
    """Put the product that a request is about; a body that names another one names this one."""
    item_id = unquote(str(case.path_parameters["item_id"]))
    fuzzed.post("/v1/items/bulk", [{"item_id": item_id, "title": "cup"}])
    if isinstance(body := sent.get("json"), dict) and "item_id" in body:
        sent["json"] = body | {"item_id": item_id}


def _content(sent: dict[str, Any]) -> dict[str, Any]:
    """As the test client takes it."""
    if "data" in sent:
        sent["content"] = sent.pop("data")
    return {name: value for name, value in sent.items() if name in ("headers", "params", "json", "content")}

"""Every message that msgspec has for our types becomes a code."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from indexing.contracts.faults import input_error, shown


class Sample(msgspec.Struct, forbid_unknown_fields=True):
    """Has one field for each kind of fault."""

    text: Annotated[str, Meta(min_length=1, max_length=2)] = "a"
    number: Annotated[int, Meta(ge=0, lt=9)] = 0
    ratio: Annotated[float, Meta(gt=0, le=1)] = 1
    kind: Literal["a", "b"] = "a"
    several: Annotated[list[int], Meta(min_length=1, max_length=2)] | None = None
    open: Annotated[dict[str, int], Meta(max_length=1)] = {}
    pattern: Annotated[str, Meta(pattern="^a$")] = "a"


@pytest.mark.parametrize(
    ("raw", "field", "code"),
    [
        ({"text": ""}, "text", "too_short"),
        ({"text": "abc"}, "text", "too_long"),
        ({"text": 5}, "text", "wrong_type"),
        ({"number": -1}, "number", "out_of_range"),
        ({"number": 9}, "number", "out_of_range"),
        ({"ratio": 0.0}, "ratio", "out_of_range"),
        ({"ratio": 2}, "ratio", "out_of_range"),
        ({"kind": "c"}, "kind", "unknown_value"),
        ({"several": []}, "several", "too_short"),
        ({"several": [1, "a"]}, "several[1]", "wrong_type"),
        ({"several": [1, 2, 3]}, "several", "too_long"),
        ({"open": {"a": 1, "b": 2}}, "open", "too_long"),
        ({"open": {1: 2}}, "open", "wrong_type"),
        ({"pattern": "b"}, "pattern", "wrong_format"),
        ({"other": 1}, "other", "unknown_field"),
        ([], None, "wrong_type"),
    ],
)
def test_codes(raw: Any, field: str | None, code: str) -> None:
    """No fault of a type is left without a code."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(raw, Sample)
    fault = input_error(caught.value, raw)
    assert (fault.field, fault.code) == (field, code)
    assert "expected" in fault.detail


def test_number_out_of_range() -> None:
    """A number that no machine number holds."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(b'{"ratio": 1e400}', type=Sample)
    assert input_error(caught.value).code == "out_of_range"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        (10**30, "a number of more than 20 digits"),
        ({}, "an object"),
        ([], "a list"),
        (b"", "a bytes"),
        ("\ud800", "'\\ud800'"),
    ],
)
def test_values_in_messages(value: object, text: str) -> None:
    """Short, and safe to encode."""
    assert shown(value) == text

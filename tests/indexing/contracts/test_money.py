"""Decimal money to minor units, exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.errors import InputError
from indexing.contracts.money import to_minor


@given(st.integers(0, 10**12), st.integers(0, 4))
def test_decimal_text_is_exact(minor: int, digits: int) -> None:
    """The decimal text of an amount gives that amount back."""
    text = str(Decimal(minor).scaleb(-digits))
    assert to_minor(format(Decimal(text), "f"), digits) == minor


@given(st.integers(0, 10**9))
def test_float_is_exact(minor: int) -> None:
    """A float that was a price, or a sum of prices, is that price: 0.1 + 0.2 is thirty cents."""
    assert to_minor(minor / 100, 2) == minor
    assert to_minor(minor / 100 + 0.1 + 0.2, 2) == minor + 30


@pytest.mark.parametrize(
    "value", ["", "abc", "1e5", "NaN", "١٢", "1_000", "12.", ".5", None, [], True, "5 5"]
)
def test_what_is_no_amount(value: object) -> None:
    """Only ASCII digits with a point are an amount."""
    with pytest.raises(InputError) as caught:
        to_minor(value, 2)
    assert caught.value.code == "wrong_type"


@pytest.mark.parametrize(
    ("value", "digits"), [("19.999", 2), ("0.5", 0), (19.999, 2), (Decimal("0.001"), 2)]
)
def test_too_precise(value: object, digits: int) -> None:
    """Nothing is rounded away in silence."""
    with pytest.raises(InputError) as caught:
        to_minor(value, digits)
    assert caught.value.code == "too_precise"

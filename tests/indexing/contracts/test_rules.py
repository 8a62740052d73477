"""When a rule holds, and what a rule must say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from indexing.contracts.rules import Rule, When, resolve

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (When(), True),
        (When(query="手机"), True),
        (When(query="手机壳"), False),
        (When(query_contains="机"), True),
        (When(scenarios=["home"]), False),
        (When(scenarios=["home", "search"]), True),
        (When(starts_at=NOW), True),
        (When(ends_at=NOW), False),
        (When(starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(seconds=1)), True),
        (When(query="手机", scenarios=["home"]), False),
    ],
)
def test_a_condition_holds_when_all_its_parts_do(when: When, holds: bool) -> None:
    """手机: phone. The period is half-open."""
    assert when.holds(scenario="search", query="手机", now=NOW) is holds


def test_a_query_condition_never_holds_outside_search() -> None:
    """A list without a query has no query to match."""
    assert not When(query_contains="机").holds(scenario="home", query=None, now=NOW)


def test_rules_are_resolved_in_the_order_of_their_ids() -> None:
    """Disabled rules are left out."""
    rules = [
        Rule("b", "hide", item_ids=["1"]),
        Rule("a", "pin", item_ids=["2"]),
        Rule("c", "hide", item_ids=["3"], enabled=False),
    ]
    assert [r.rule_id for r in resolve(rules, scenario="home", query=None, now=NOW)] == ["a", "b"]


@pytest.mark.parametrize(
    "raw",
    [
        {"rule_id": "a", "kind": "hide"},
        {"rule_id": "a", "kind": "hide", "item_ids": ["1"], "filter": "in_stock"},
        {"rule_id": "a", "kind": "pin", "filter": "in_stock"},
        {"rule_id": "a", "kind": "explode", "item_ids": ["1"]},
        {"rule_id": "", "kind": "hide", "item_ids": ["1"]},
        {"rule_id": "a", "kind": "hide", "item_ids": ["1"], "colour": "red"},
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_refused(raw: dict) -> None:
    """Nothing is guessed."""
    with pytest.raises((msgspec.ValidationError, ValueError)):
        msgspec.convert(raw, Rule)

"""Rules on the list of a search."""

from __future__ import annotations

import pytest

from indexing.contracts.columns import field_kinds
from indexing.contracts.errors import FilterError
from indexing.contracts.filter_parser import parse
from indexing.contracts.rules import Rule
from indexing.lexical.base import Sort
from indexing.text import fold
from search import SearchEngine, SearchRequest, SearchResult
from tests.search.shop import SHOP, ids


def ask(engine: SearchEngine, *rules: Rule, query: str = "手机", **more: object) -> SearchResult:
    return engine.search(SearchRequest(query, rules=rules, **more))  # type: ignore[arg-type]


def test_pin_puts_products_at_a_place(engine: SearchEngine) -> None:
    """Two products from place 2 on, one of them no match; the others keep their order."""
    plain = ids(ask(engine))
    result = ask(engine, Rule("r", "pin", item_ids=["t005", "p005"], position=2))
    assert ids(result)[1:3] == ["t005", "p005"]
    assert [one for one in ids(result) if one not in ("t005", "p005")] == [
        one for one in plain if one != "p005"
    ]
    assert result.hits[1].source == "pin"
    assert result.rules_applied == ("r",)


def test_two_pins_for_one_place(engine: SearchEngine) -> None:
    """The smaller rule id has the place, the other follows, whatever the rows."""
    first, second = Rule("a", "pin", item_ids=["t009"]), Rule("b", "pin", item_ids=["p002"])
    assert ids(ask(engine, second, first))[:2] == ["t009", "p002"]


def test_pins_obey_stock_and_filter(engine: SearchEngine) -> None:
    """What is out of stock, filtered out, hidden or unknown is not pinned, and the rule did not act."""
    rule = Rule("r", "pin", item_ids=["p006", "t005", "t001", "nothing"])
    condition = parse('brand != "德龙"', field_kinds(SHOP), fold=fold)
    hide = Rule("h", "hide", item_ids=["t001"])
    result = ask(engine, rule, hide, filter=condition)
    assert ids(result)[0] != "p006"
    assert not {"t005", "t001"} & set(ids(result))
    assert result.rules_applied == ("h",)


def test_hide_is_a_filter(engine: SearchEngine) -> None:
    """Hidden products are neither listed nor counted, also with a sort and when browsing."""
    hide = Rule("h", "hide", filter='brand = "小米"')
    result = ask(engine, hide)
    assert not {"p001", "p002"} & set(ids(result))
    assert result.total == 4
    assert "小米" not in [value.value for value in result.facets["brand"]]
    assert ask(engine, hide, sort=Sort("price_minor")).total == 4
    assert "t001" not in ids(ask(engine, hide, query="", limit=100))


def test_boost_and_bury(engine: SearchEngine) -> None:
    """A boost moves up what matches, a bury puts it last; nothing leaves the list."""
    plain = ids(ask(engine))
    last = plain[-2]  # the last one in stock
    boosted = ask(engine, Rule("r", "boost", item_ids=[last], factor=50.0))
    assert ids(boosted)[0] == last
    buried = ask(engine, Rule("r", "bury", item_ids=[plain[0]]))
    assert ids(buried) == [*plain[1:], plain[0]]
    assert sorted(ids(boosted)) == sorted(plain)


def test_a_rule_without_effect_did_not_act(engine: SearchEngine) -> None:
    """Boosting what is not on the list is not reported."""
    assert ask(engine, Rule("r", "boost", item_ids=["t009"])).rules_applied == ()


def test_sort_ignores_list_rules(engine: SearchEngine) -> None:
    """Under an explicit sort only hides act."""
    rules = (Rule("a", "pin", item_ids=["p005"]), Rule("b", "bury", item_ids=["p001"]))
    result = ask(engine, *rules, sort=Sort("price_minor"))
    assert ids(result) == ["p001", "p002", "p003", "p004", "p005", "p006"]
    assert result.rules_applied == ()


def test_broken_rule_filter_is_an_error(engine: SearchEngine) -> None:
    """A rule that cannot be read is no rule that never holds."""
    with pytest.raises(FilterError):
        ask(engine, Rule("r", "hide", filter="colour = "))

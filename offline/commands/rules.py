"""``daogou rules``: list, put, delete."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from offline.commands.home import HOME, Home, actor, journal_of, say

if TYPE_CHECKING:
    from indexing.contracts.rules import Rule

rules_app = typer.Typer(
    help="Pins, hides, boosts and buries, in search and in recommendation.", no_args_is_help=True
)


@rules_app.command("list")
def list_rules(home: Home = HOME) -> None:
    """Every rule, as JSON lines.

    Example: `daogou rules list`
    """
    import msgspec

    with journal_of(home) as journal:
        for rule in journal.control.rules():
            say(msgspec.json.encode(rule).decode())


@rules_app.command("put")
def put_rule(
    rule_id: Annotated[str, typer.Argument(help="Its name; an existing rule of that name is replaced.")],
    kind: Annotated[str, typer.Argument(help="pin, hide, boost or bury")],
    item: Annotated[list[str] | None, typer.Option(help="A product; may be repeated.")] = None,
    filter: Annotated[str | None, typer.Option(help="An expression, instead of products.")] = None,
    query: Annotated[str | None, typer.Option(help="Only for exactly this query.")] = None,
    query_contains: Annotated[str | None, typer.Option(help="Only for queries that contain this.")] = None,
    scenario: Annotated[
        list[str] | None, typer.Option(help="search, home, similar, …; all without.")
    ] = None,
    position: Annotated[int, typer.Option(help="Where a pin stands, from 1.")] = 1,
    factor: Annotated[float, typer.Option(help="How much a boost raises.")] = 2.0,
    home: Home = HOME,
) -> None:
    """Make or replace a rule; it acts within a second, in every worker.

    Example: `daogou rules put summer pin --item P00042 --query 咖啡机`

    Example: `daogou rules put recall hide --item P00007`
    """
    from indexing.contracts.errors import InputError

    rule = read_rule(
        home=home,
        rule_id=rule_id,
        kind=kind,
        query=query,
        query_contains=query_contains,
        scenarios=scenario,
        item_ids=item,
        filter=filter,
        position=position,
        factor=factor,
    )
    with journal_of(home) as journal:
        unknown = [one for one in rule.item_ids if journal.catalogue.get(one) is None]
        if unknown:
            raise InputError(f"no such product: {', '.join(unknown)}", field="item", code="unknown_item")
        journal.control.put_rule(rule, actor())
    say(f"{rule.kind} {rule.rule_id}: in force")


@rules_app.command("delete")
def delete_rule(rule_id: str, home: Home = HOME) -> None:
    """Take a rule away.

    Example: `daogou rules delete summer`
    """

    with journal_of(home) as journal:
        journal.control.delete_rule(rule_id, actor())
    say(f"{rule_id}: deleted")


def read_rule(*, home: Path, **given: object) -> Rule:
    """A rule from what the command line gives: texts folded, the filter parsed.

    Raises:
        InputError: it says too little, too much, or has a broken filter.
    """
    import msgspec

    from indexing.contracts.columns import field_kinds
    from indexing.contracts.errors import InputError
    from indexing.contracts.faults import input_error
    from indexing.contracts.filter_parser import parse
    from indexing.contracts.rules import Rule, RuleKind
    from indexing.contracts.shop import load_shop
    from indexing.text import fold
    from recsys.scenarios import SCENARIOS

    when = {name: given.pop(name) for name in ("query", "query_contains", "scenarios")}
    texts = {name: fold(value) if isinstance(value, str) else value for name, value in when.items()}
    body = {name: value for name, value in given.items() if value is not None}
    raw = {**body, "when": {n: v for n, v in texts.items() if v is not None}}
    try:
        rule = msgspec.convert(raw, Rule)
    except msgspec.ValidationError as error:
        raise input_error(error, raw, known={"unknown_value": get_args(RuleKind)}) from error
    known = ("search", *SCENARIOS)
    if unknown := [one for one in rule.when.scenarios if one not in known]:
        detail = f"scenario is {unknown[0]!r}; expected one of {', '.join(known)}"
        raise InputError(detail, field="scenario", code="unknown_value")
    if rule.filter is not None:
        parse(rule.filter, field_kinds(load_shop(home / "shop.toml")), fold=fold)
    return rule

"""The guide against the code: whatever a reader may use stands in it, and its examples work."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from api.settings import Settings
from api.types import EventsBody, RecommendBody, SearchBody
from api.v1 import ENDPOINTS
from indexing.contracts.columns import field_kinds
from indexing.contracts.events import EVENT_NAMES
from indexing.contracts.filter_parser import parse
from indexing.contracts.items import Item
from indexing.contracts.rules import RuleKind
from indexing.contracts.shop import Shop, load_shop
from indexing.text import fold

ROOT = Path(__file__).parents[2]
API = (ROOT / "docs/api.md").read_text(encoding="utf-8")
SHOP = (ROOT / "docs/shop.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: f"{one.method} {one.path}")
def test_every_route_stands_in_the_guide(endpoint: object) -> None:
    """With its method in the same row."""
    rows = [line for line in API.splitlines() if endpoint.path in line]
    assert any(endpoint.method in row for row in rows)


def test_every_event_setting_rule_and_item_field_stands_in_the_guide() -> None:
    """By its name."""
    assert [name for name in EVENT_NAMES if f"`{name}`" not in API] == []
    assert [name for name in Settings.model_fields if f"DAOGOU_{name.upper()}" not in API] == []
    assert [name for name in RuleKind.__args__ if f"`{name}`" not in SHOP] == []
    assert [name for name in Item.__struct_fields__ if f"`{name}`" not in SHOP] == []


def test_the_examples_of_bodies_are_taken() -> None:
    """Search, recommend and events, decoded by the types of the routes."""
    search, recommend, events = (json.loads(block) for block in blocks(API, "json"))
    assert msgspec.convert(search, SearchBody).refine == {"brand": ["小米", "华为"]}
    assert msgspec.convert(recommend, RecommendBody).scenario == "similar"
    assert len(msgspec.convert(events, EventsBody).events) == 1
    parse(search["filter"], field_kinds(Shop()), fold=fold)


def test_the_readme_s_calls_are_taken() -> None:
    """The bodies after --json."""
    bodies = re.findall(r"--json '(\{.*?\})'", README, re.DOTALL)
    assert len(bodies) == 2
    msgspec.json.decode(bodies[0], type=SearchBody)
    msgspec.json.decode(bodies[1], type=RecommendBody)


def test_the_example_declaration_is_taken(tmp_path: Path) -> None:
    """shop.toml as the guide shows it."""
    path = tmp_path / "shop.toml"
    path.write_text(blocks(SHOP, "toml")[0], encoding="utf-8")
    assert [attribute.name for attribute in load_shop(path).attributes] == ["颜色"]


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    """At most 150 lines; every file that it names is there."""
    assert len(README.splitlines()) <= 150
    links = [link for link in re.findall(r"\]\(([^)#:]+)\)", README) if not link.endswith(".png")]
    assert [link for link in links if not (ROOT / link).exists()] == []


COMMANDS = [
    "simulate",
    "import",
    "build",
    "publish",
    "rollback",
    "serve",
    "evaluate",
    "rules",
    "keys",
    "doctor",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_guide_and_has_help_with_an_example(command: str) -> None:
    """Its own, or that of each of its sub-commands."""
    import typer
    from typer.testing import CliRunner

    from api.commands import mount as mount_api
    from offline.commands import mount as mount_offline

    app = typer.Typer()
    mount_offline(app)
    mount_api(app)
    assert f"`daogou {command}`" in SHOP
    text = CliRunner().invoke(app, [command, "--help"]).output
    if "Commands" in text:
        names = re.findall(r"^│ ([a-z-]+) ", text.partition("Commands")[2], re.MULTILINE)
        assert names
        for name in names:
            assert "Example" in CliRunner().invoke(app, [command, name, "--help"]).output, name
    else:
        assert "Example" in text

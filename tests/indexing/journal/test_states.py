"""The state of one item."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.contracts.errors import InputError
from indexing.contracts.items import Item
from indexing.journal.states import Change, Delete, State, apply, delete, patch, put


def after(*changes: Change) -> State:
    return reduce(apply, changes, State())


def full(version: int | None = None, **fields: object) -> Change:
    return put(Item(item_id="a", title="杯", version=version, **fields))  # type: ignore[arg-type]


def test_put_gives_back_the_item() -> None:
    """What is put is what the state holds, version included."""
    item = Item(
        "a", "保温杯", brand="膳魔师", category=["家居", "水杯"], attributes={"容量": 500}, version=7
    )
    assert after(put(item)).item() == item


def test_older_put_is_ignored() -> None:
    """A put with a smaller version than is known changes nothing."""
    newer = after(full(5, price_minor=500))
    assert apply(newer, full(4, price_minor=400)) is newer


def test_equal_version_goes_by_arrival() -> None:
    """Of two puts with one version the later to arrive stays."""
    assert after(full(5, price_minor=1), full(5, price_minor=2)).item().price_minor == 2


def test_without_versions_arrival_decides() -> None:
    """Unversioned changes act in the order in which they come."""
    state = after(full(price_minor=1), patch("a", {"price_minor": 2}), full(price_minor=3))
    assert state.item().price_minor == 3
    assert state.item().version is None


def test_unversioned_put_beats_what_is_there_and_keeps_the_version() -> None:
    """An unversioned put is taken as the newest; an older versioned one stays stale after it."""
    state = after(full(9, price_minor=9), full(price_minor=1))
    assert state.item().price_minor == 1
    assert apply(state, full(8, price_minor=8)) is state


def test_patch_sets_only_what_it_names() -> None:
    """Other fields stay; None takes a field back to not known."""
    state = after(
        full(1, price_minor=5, brand="苹果"), patch("a", {"price_minor": 4, "brand": None, "version": 2})
    )
    assert state.item() == Item("a", "杯", price_minor=4, version=2)


def test_newer_patch_survives_an_older_put() -> None:
    """A put that was overtaken by a patch brings every field but the patched one."""
    state = after(
        full(1), patch("a", {"price_minor": 4, "version": 6}), full(5, price_minor=9, brand="苹果")
    )
    assert (state.item().price_minor, state.item().brand, state.item().version) == (4, "苹果", 6)


def test_patch_of_nothing_is_kept_only_with_a_version() -> None:
    """Without a version a patch of an unknown item is lost; with one it waits for its item."""
    assert after(patch("a", {"price_minor": 4})) == State()
    state = after(patch("a", {"price_minor": 4, "version": 6}))
    assert not state.alive
    assert apply(state, full(5, price_minor=9)).item().price_minor == 4


def test_delete_leaves_a_tombstone_with_its_version() -> None:
    """What is older than a deletion stays deleted, what is newer comes back."""
    gone = after(full(1), Delete("a", 5))
    assert not gone.alive
    assert apply(gone, full(4)) is gone
    assert apply(gone, full(6)).alive


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"colour": "red"}, "colour", "unknown_field"),
        ({"price_minor": "4"}, "price_minor", "wrong_type"),
        ({"price_minor": -1}, "price_minor", "wrong_type"),
        ({"title": None}, "title", "wrong_type"),
        ({"title": ""}, "title", "wrong_type"),
        ({"item_id": "b"}, "item_id", "invalid"),
        ({"brand": "\ud800"}, None, "wrong_type"),
    ],
)
def test_patch_refuses_what_no_item_has(changes: dict[str, object], field: str | None, code: str) -> None:
    """A wrong patch is an error that names the field, before anything is stored."""
    with pytest.raises(InputError) as raised:
        patch("a", changes)
    assert (raised.value.field, raised.value.code) == (field, code)


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (Item("a", "杯\ud800"), None),
        (Item("a", ""), "title"),
        (Item("a", "x", price_minor=-1), "price_minor"),
        (Item("a", "x", category=["y", ""]), "category[1]"),
        (Item("a", "x", version=2**63), "version"),
        (Item("", "x"), "item_id"),
    ],
)
def test_put_refuses_what_could_not_be_read_again(item: Item, field: str | None) -> None:
    """An item made in code is held to the contract like one from outside."""
    with pytest.raises(InputError) as raised:
        put(item)
    assert raised.value.field == field


def test_delete_refuses_what_is_no_version() -> None:
    """A version below zero or past 2^62 is an error."""
    for version in (-1, 2**63):
        with pytest.raises(InputError, match="version"):
            delete("a", version)


_FIELDS = st.dictionaries(
    st.sampled_from(["price_minor", "in_stock", "brand"]), st.integers(0, 3), min_size=1, max_size=3
)


def _values(numbers: dict[str, int]) -> dict[str, object]:
    kinds = {"price_minor": int, "in_stock": lambda n: n > 1, "brand": lambda n: f"b{n}" if n else None}
    return {name: kinds[name](number) for name, number in numbers.items()}


@st.composite
def versioned(draw: st.DrawFn) -> list[Change]:
    """Changes of one item with versions that are all different."""
    kinds = draw(st.lists(st.sampled_from(["put", "patch", "delete"]), min_size=1, max_size=7))
    versions = draw(st.lists(st.integers(0, 50), min_size=len(kinds), max_size=len(kinds), unique=True))
    changes: list[Change] = []
    for kind, version in zip(kinds, versions, strict=True):
        values = _values(draw(_FIELDS))
        if kind == "put":
            changes.append(full(version, **values))
        elif kind == "patch":
            changes.append(patch("a", values | {"version": version}))
        else:
            changes.append(Delete("a", version))
    return changes


@given(changes=versioned(), data=st.data())
def test_versioned_changes_converge(changes: list[Change], data: st.DataObject) -> None:
    """Changes with versions lead to one state in every order, also when some come twice."""
    again = data.draw(st.lists(st.sampled_from(changes), max_size=4))
    shuffled = data.draw(st.permutations(changes + again))
    assert after(*shuffled) == after(*changes)


@given(steps=st.lists(_FIELDS, min_size=1, max_size=6), data=st.data())
def test_versions_win_over_arrival(steps: list[dict[str, int]], data: st.DataObject) -> None:
    """Patches over one put, in any order, end where a plain dict ends that is updated in their order."""
    plain: dict[str, object] = {"price_minor": None, "in_stock": True, "brand": None}
    for values in steps:
        plain |= _values(values)
    changes = [patch("a", _values(values) | {"version": n}) for n, values in enumerate(steps, start=1)]
    item = after(full(0), *data.draw(st.permutations(changes))).item()
    assert {name: getattr(item, name) for name in plain} == plain
    assert item.version == len(steps)

"""Control: pointer, rules, profiles, experiments, audit."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from indexing.contracts.errors import ConflictError, InputError, JournalError, NotFoundError
from indexing.contracts.experiments import ArmSpec, Experiment
from indexing.contracts.profiles import Profile, SearchProfile
from indexing.contracts.rules import Rule, When
from indexing.journal import Journal, open_journal

PIN = Rule("促销", "pin", When(query="咖啡机", scenarios=["search"]), item_ids=["a"], position=2)
HIDE = Rule("hide-used", "hide", filter='tags = "二手"')
AA = Experiment("aa", [ArmSpec("a", "default"), ArmSpec("b", "default")], end=0.5)


def test_pointer_moves_only_from_where_it_was_seen(journal: Journal) -> None:
    """Compare and swap: who looked too long ago is told, and changes nothing."""
    control = journal.control
    assert control.pointer() is None
    assert control.swap("s1", None, "ann") == 1
    assert control.swap("s2", "s1", "bob", "better recall") == 2
    for expected in ("s1", None):
        with pytest.raises(ConflictError, match="at s2"):
            control.swap("s3", expected, "eve")
    assert (control.pointer(), control.seq()) == ("s2", 2)
    newest, oldest = control.audit()
    assert (newest.actor, newest.action, newest.before, newest.after, newest.detail) == (
        "bob",
        "pointer.swap",
        "s1",
        "s2",
        "better recall",
    )
    assert (oldest.actor, oldest.before, oldest.after) == ("ann", None, "s1")


def test_of_many_at_once_one_moves_the_pointer(journal: Journal) -> None:
    """Eight threads from the same place: one wins, seven are told."""

    def move(number: int) -> bool:
        try:
            journal.control.swap(f"s{number}", None, "ann")
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(move, range(8))) == 1
    assert journal.control.seq() == 1


def test_rules_profiles_and_experiments_are_kept_by_name(journal: Journal) -> None:
    """Put, replaced, listed by name, deleted; each raises the number; another process sees it."""
    control = journal.control
    numbers = [control.put_rule(PIN, "ann"), control.put_rule(HIDE, "ann")]
    profile = Profile("plain", SearchProfile(vectors=False))
    numbers += [control.put_profile(profile, "ann"), control.put_experiment(AA, "ann")]
    assert numbers == [1, 2, 3, 4]
    with open_journal(journal.home) as other:
        assert other.control.rules() == (HIDE, PIN)
        assert other.control.profiles() == (profile,)
        assert other.control.experiments() == (AA,)
        off = Rule("促销", "pin", item_ids=["b"], enabled=False)
        assert other.control.put_rule(off, "bob") == 5
    assert control.rules() == (HIDE, off)
    assert control.delete_rule("促销", "ann") == 6
    assert control.delete_profile("plain", "ann") == 7
    assert control.delete_experiment("aa", "ann") == 8
    assert (control.rules(), control.profiles(), control.experiments()) == ((HIDE,), (), ())


def test_what_is_not_there_cannot_be_deleted(journal: Journal) -> None:
    """An unknown name is an error, raises no number and leaves no audit row."""
    for delete in (
        journal.control.delete_rule,
        journal.control.delete_profile,
        journal.control.delete_experiment,
    ):
        with pytest.raises(NotFoundError):
            delete("nobody", "ann")
    assert (journal.control.seq(), journal.control.audit()) == (0, [])


def test_audit_tells_before_and_after(journal: Journal) -> None:
    """A rule's history can be read back from the audit; the newest comes first, as many as asked."""
    journal.control.put_rule(HIDE, "ann")
    changed = Rule("hide-used", "hide", filter="NOT in_stock")
    journal.control.put_rule(changed, "bob", "stock out")
    journal.control.delete_rule("hide-used", "cid")
    rows = journal.control.audit()
    assert [(r.actor, r.action, r.subject) for r in rows] == [
        ("cid", "rule.delete", "hide-used"),
        ("bob", "rule.put", "hide-used"),
        ("ann", "rule.put", "hide-used"),
    ]
    assert rows[0].before == rows[1].after
    assert rows[1].before == rows[2].after
    assert (rows[0].after, rows[2].before) == (None, None)
    assert "NOT in_stock" in str(rows[1].after)
    assert journal.control.audit(1) == rows[:1]


def test_what_could_not_be_read_again_is_refused(journal: Journal) -> None:
    """A name with NUL, a factor of zero, an actor that is no text: an error, not a broken row."""
    for rule, actor in (
        (Rule("a\0b", "hide", item_ids=["x"]), "ann"),
        (Rule("r", "boost", item_ids=["x"], factor=0), "ann"),
        (Rule("r", "hide", item_ids=["\udcff"]), "ann"),
        (Rule("r", "hide", item_ids=["x"]), "\udcff"),
    ):
        with pytest.raises(InputError):
            journal.control.put_rule(rule, actor)
    assert (journal.control.seq(), journal.control.rules(), journal.control.audit()) == (0, (), [])


def test_a_damaged_rule_is_named_and_can_be_deleted(home: Path, journal: Journal) -> None:
    """What is no rule, or no text, by its name; the others can be read again when it is gone."""
    control = journal.control
    for body in (b"{", b'{"rule_id": "\xff"}', b'{"kind": "none"}'):
        control.put_rule(PIN, "ann")
        control.put_rule(HIDE, "ann")
        with closing(sqlite3.connect(home / "journal/control.sqlite", isolation_level=None)) as connection:
            connection.execute("UPDATE documents SET body = ? WHERE name = ?", (body, HIDE.rule_id))
        with pytest.raises(JournalError, match="the rule 'hide-used' cannot be read"):
            control.rules()
        control.delete_rule(HIDE.rule_id, "ann")
        assert control.rules() == (PIN,)

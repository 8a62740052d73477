"""Timings, notes and the deadline."""

from __future__ import annotations

import time

import pytest

from search.stages import Stages


def test_stages_are_timed_and_added_up() -> None:
    """Also when a stage fails."""
    stages = Stages()
    with stages.stage("a"):
        time.sleep(0.002)
    with pytest.raises(RuntimeError), stages.stage("a"):
        raise RuntimeError
    assert stages.timings_ms["a"] >= 2.0
    assert stages.total_ms >= stages.timings_ms["a"]


def test_no_deadline_allows_everything() -> None:
    """Nothing is skipped without one."""
    stages = Stages()
    assert stages.allows("facets", 1e9)
    assert stages.notes == ()


def test_a_stage_that_would_be_late_is_skipped_with_a_note() -> None:
    """Said once, with the code of the stage."""
    stages = Stages(deadline_ms=50.0)
    assert stages.allows("facets", 1.0)
    assert not stages.allows("facets", 60.0)
    assert not stages.allows("facets", 70.0)
    assert [note.code for note in stages.notes] == ["facets_skipped"]

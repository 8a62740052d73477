"""Trend and popularity."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest

from offline.jobs.interactions import Seen
from offline.jobs.popularity import PopularityConfig, popularity
from offline.jobs.trend import TrendConfig, trend


def test_trend_halves_every_three_days(touches, tmp_path):
    """A click now counts 1, three days ago a half; a purchase five; the log's end is now."""
    entries = [(0, 0, "click", 10, 0, -1), (0, 1, "click", 7, 0, -1), (0, 2, "purchase", 4, 0, -1)]
    report = trend(touches(entries, rows=4), tmp_path)
    assert np.load(tmp_path / "scores.npy").tolist() == [1.0, 0.5, 1.25, 0.0]
    assert np.load(tmp_path / "order.npy").tolist() == [2, 0, 1, 3]
    assert msgspec.json.decode((tmp_path / "model.json").read_bytes())["now"] == 10 * 86_400
    assert (report.events, report.products, report.written) == (3, 3, True)


def test_trend_at_a_given_time_counts_later_events_as_present(touches, tmp_path):
    """A clock that is ahead is no trend."""
    entries = [(0, 0, "click", 3, 0, -1), (0, 1, "click", 9, 0, -1)]
    now = datetime.fromtimestamp(3 * 86_400, UTC)
    trend(touches(entries, rows=2), tmp_path, config=TrendConfig(now=now))
    assert np.load(tmp_path / "scores.npy").tolist() == [1.0, 1.0]


def test_popularity_is_in_0_to_1_and_orders_by_events(touches, tmp_path):
    """Without impressions: the logarithm of the weighted count, the highest being 1."""
    entries = [(0, 0, "click", 0, 0, -1)] * 9 + [(0, 1, "purchase", 0, 0, -1)]
    popularity(touches(entries, rows=3), tmp_path)
    scores = np.load(tmp_path / "scores.npy")
    assert scores == pytest.approx([1.0, np.log1p(5) / np.log1p(9), 0.0])
    assert np.load(tmp_path / "order.npy").tolist() == [0, 1, 2]


def test_popularity_corrects_for_being_shown_more(touches, tmp_path):
    """Of two products with the same clicks the one that was shown less is the more sought after; without
    the correction they are equal."""
    entries = [(0, row, "click", 0, 0, -1) for row in (0, 1) for _ in range(20)]
    seen = Seen(np.repeat([0, 1], [2_000, 200]).astype(np.int32), np.zeros(2_200, np.int16))
    found = replace(touches(entries, rows=2), seen=seen)
    popularity(found, tmp_path / "with")
    popularity(found, tmp_path / "without", config=PopularityConfig(exposure=0.0))
    corrected, plain = (np.load(tmp_path / name / "scores.npy") for name in ("with", "without"))
    assert corrected[1] > corrected[0]
    assert plain[1] == plain[0]


def test_one_lucky_click_is_no_record(touches, tmp_path):
    """One click of one impression stays below fifty clicks of a thousand."""
    entries = [(0, 0, "click", 0, 0, -1)] + [(0, 1, "click", 0, 0, -1)] * 50
    seen = Seen(np.repeat([0, 1], [1, 1_000]).astype(np.int32), np.zeros(1_001, np.int16))
    popularity(replace(touches(entries, rows=2), seen=seen), tmp_path)
    assert np.load(tmp_path / "order.npy").tolist() == [1, 0]


@pytest.mark.parametrize("job", [trend, popularity])
def test_without_events_nothing_is_written(touches, tmp_path, job):
    """The report says why."""
    report = job(touches([], rows=3), tmp_path / "none")
    assert not report.written
    assert report.why == "no events"
    assert not (tmp_path / "none").exists()

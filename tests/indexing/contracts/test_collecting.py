"""The collector is told to look less often, and told back."""

from __future__ import annotations

import gc

import pytest

from indexing.contracts.collecting import collected_rarely


def test_thresholds_come_back() -> None:
    """Also after an error, and from within each other."""
    before = gc.get_threshold()
    with collected_rarely(), collected_rarely():
        assert gc.get_threshold()[0] > 100 * 700
        assert gc.isenabled()
    assert gc.get_threshold() == before
    with pytest.raises(RuntimeError, match="stop"), collected_rarely():
        raise RuntimeError("stop")
    assert gc.get_threshold() == before

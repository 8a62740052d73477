"""Where masks are true."""

import numpy as np
import pytest

from indexing.contracts.masks import places_of


@pytest.mark.parametrize("rows", [0, 1, 7, 1000, 32_768])
@pytest.mark.parametrize("share", [0.0, 0.03, 0.05, 0.09, 0.1, 0.11, 0.5, 1.0])
def test_it_finds_what_numpy_finds(rows, share):
    """On both sides of its slow stretch, and within it."""
    mask = np.random.default_rng(0).random(rows) < share
    assert places_of(mask).tolist() == np.flatnonzero(mask).tolist()


def test_the_last_place_is_found_in_a_mask_that_is_padded():
    """Nothing of the padding, all of the mask."""
    mask = np.zeros(1000, np.bool_)
    mask[::16] = mask[-1] = True
    assert places_of(mask)[-1] == 999
    assert len(places_of(mask)) == 64

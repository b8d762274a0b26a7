"""Flat ground and slopes, told apart."""

import numpy as np
import pytest

from phasemix.analysis.critical_points import Shares
from phasemix.analysis.ground import ground
from tests.experiments.made_up import RESAMPLING, study

RATIOS = [0.025, 0.05, 0.1, 0.2, 0.4, 0.8]


def part(share, **options):
    """The rows of a study of which such a share is known, of a size of which half is known at r = .2."""
    table, people = study(lambda _, ratio: float(np.clip(share(ratio), 0, 1)), ratios=RATIOS, sizes=["20k"], people=400,
                          **options)  # fmt: skip
    return ground(Shares(table, people, share="known", **RESAMPLING))


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (lambda ratio: 0.5 + 0.15 * np.log2(ratio / 0.2), 1.0),
        (lambda ratio: 0.02 if ratio < 0.2 else 0.5 if ratio < 0.4 else 0.98, 0.0),
        (lambda ratio: 1 / (1 + (0.2 / ratio) ** 4), 0.07),
    ],
)
def test_the_rise_far_below_is_compared_with_the_steepest(share, expected):
    [row] = part(share).to_dict("records")
    assert row["critical"] == pytest.approx(0.2, rel=0.05)
    assert row["points"] == 3
    assert row["part"] == pytest.approx(expected, abs=0.1)
    assert row["low"] <= row["part"] <= row["high"]


def test_a_line_that_crosses_no_half_or_has_one_cell_below_shows_nothing():
    assert part(lambda ratio: 0.3).empty
    assert part(lambda ratio: 1 / (1 + (0.04 / ratio) ** 4)).empty

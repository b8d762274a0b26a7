"""Whether a continuous measure lies flat before it rises: what tells a transition in the loss from a slope.

At a threshold nothing is gained up to a critical ratio, and all soon after it. So the share of known bits, which has no
floor and may be below 0, is compared with itself: its rise per doubling of the ratio over the cells at half of the
critical ratio or less (by least squares), and the steepest rise between two neighbouring cells of the same size. Of a
threshold, the first is none of the second, of a sigmoid with slope 4 about .05, of a power law with exponent 2 about
.16, and of a straight line in the logarithm of the ratio, all of it.
"""

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import Shares, crossing, percentile_interval
from phasemix.theory.sized_learner import HALF

GROUND = ["size", "parameters", "critical", "points", "below", "steepest", "part", "low", "high"]
FEWEST = 2  # cells far below the critical ratio
FAR = 2.0  # times


def ground(known: Shares) -> pd.DataFrame:
    """Every size whose share of known bits crosses a half on the grid, with two cells far below or more.

    Returns:
        ``size``, ``parameters``, its ``critical`` ratio, the ``points`` far below (so many), the rise ``below`` and the
        ``steepest`` (shares per doubling), ``part``, the first over the second, and its interval, ``low`` and ``high``.
    """
    rows = []
    for i, (size, parameters) in enumerate(zip(known.sizes, known.parameters, strict=True)):
        run = np.isfinite(known.grid[i])
        x, line, resampled = np.log2(known.ratios[run]), known.grid[i, run], known.resampled[:, i, run]
        critical = crossing(known.ratios[run], line, HALF)
        below = int((known.ratios[run] <= critical / FAR).sum())
        if not 0 < critical < np.inf or below < FEWEST:
            continue
        rise, steepest = _rises(x, line[None], below)
        of_resamples, their_steepest = _rises(x, resampled, below)
        low, high = percentile_interval(of_resamples / their_steepest, known.confidence)
        row = {"size": size, "parameters": int(parameters), "critical": critical, "points": below}
        row |= {"below": rise[0], "steepest": steepest[0], "part": rise[0] / steepest[0], "low": low, "high": high}
        rows.append(row)
    return pd.DataFrame(rows, columns=GROUND)


def _rises(x: np.ndarray, lines: np.ndarray, below: int) -> tuple[np.ndarray, np.ndarray]:
    """The slopes over the first points and the steepest between neighbours, of lines (k, n); shapes (k,)."""
    centred = x[:below] - x[:below].mean()
    return lines[:, :below] @ centred / np.square(centred).sum(), (np.diff(lines) / np.diff(x)).max(axis=1)

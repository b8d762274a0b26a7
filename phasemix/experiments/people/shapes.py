"""How what is known rises along the frequency 1/N of everybody, at every size and ratio: a cliff or a curve.

By the knapsack (:mod:`phasemix.theory.sized_learner`), the share known at a fixed ratio and size is proportional to
x − x₀^q · x^(1−q), x being 1/N and q = 1 / (α + 1). As 1 − q is small, that is nearly a straight line in x from x₀ on,
which is the knapsack's shape along sizes; it is the one compared here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis.cliff_or_curve import SMOOTH, THRESHOLDS, Comparison
from phasemix.analysis.critical_points import Share, Shares
from phasemix.analysis.people_shares import Line, lines

FEWEST = 4  # points that tell shapes apart
RISE = 0.5  # the share that must be crossed, or there is no rise to describe
SCORES = [f"score_{shape}" for shape in (*THRESHOLDS, *SMOOTH)]
COLUMNS = [
    "share", "size", "parameters", "ratio", "points", *SCORES, "sigmoid_place", "sigmoid_slope", "power_slope",
    "advantage", "low", "high",
]  # fmt: skip


def shapes_table(shares: Mapping[int, Shares], name: Share, floors: pd.Series | None = None) -> pd.DataFrame:
    """Every line that rises across a half, under every shape (:mod:`phasemix.analysis.cliff_or_curve`).

    Args:
        shares: what rises, by the number of people.
        name: what it is.
        floors: the share that is there without knowing anything, by the number of people; what is described is the part
            above it. None: nothing.

    Returns:
        Columns ``share`` (its name), ``size``, ``parameters``, ``ratio``, how many ``points``, the held-out ``score``
        of every shape, ``sigmoid_place`` (as a frequency, 1/N) and ``sigmoid_slope``, ``power_slope``, the exponent of
        the power law, and ``advantage`` of the thresholds with its interval, ``low`` and ``high``.
    """
    rows = [{"share": name, **row} for line in lines(shares) for row in _row(line, floors)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(line: Line, floors: pd.Series | None) -> Iterator[dict[str, Any]]:
    floor = np.zeros(len(line.people)) if floors is None else floors.loc[line.people].to_numpy(float)
    share, resampled = ((each - floor) / (1 - floor) for each in (line.share, line.resampled))
    if len(share) < FEWEST or not share.min() < RISE <= share.max():
        return
    found = Comparison(line.frequency, share, resampled, (line.frequency, -1.0), line.confidence)
    sigmoid, (advantage, low, high) = found.fit("sigmoid"), found.advantage
    yield {
        "size": line.size,
        "parameters": line.parameters,
        "ratio": line.ratio,
        "points": len(share),
        **{f"score_{shape}": found.score(shape) for shape in (*THRESHOLDS, *SMOOTH)},
        "sigmoid_place": sigmoid.place,
        "sigmoid_slope": sigmoid.slope,
        "power_slope": found.fit("power").slope,
        "advantage": advantage,
        "low": low,
        "high": high,
    }

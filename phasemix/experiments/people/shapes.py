"""How accuracy rises along the frequency 1/N of everybody, at every size and ratio: a cliff or a curve.

By the knapsack (:mod:`phasemix.theory.sized_learner`), the share known at a fixed ratio and size is proportional to
x − x₀^q · x^(1−q), x being 1/N and q = 1 / (α + 1). As 1 − q is small, that is nearly a straight line in x from x₀ on,
which is the knapsack's shape along sizes; it is the one compared here.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from phasemix.analysis import shape_rows
from phasemix.analysis.critical_points import Shares
from phasemix.analysis.people_shares import Line, lines
from phasemix.analysis.shape_rows import shape_row

COLUMNS = ["size", "parameters", "ratio", *shape_rows.COLUMNS]


def shapes_table(shares: Mapping[int, Shares], floors: pd.Series) -> pd.DataFrame:
    """Every line that rises across a half, under every shape (:mod:`phasemix.analysis.cliff_or_curve`).

    Args:
        shares: accuracies, by the number of people.
        floors: the accuracy that is there without knowing anything, by the number of people; what is described is the
            part above it.

    Returns:
        Columns ``size``, ``parameters``, ``ratio``, and those of
        :mod:`phasemix.analysis.shape_rows`, the place of the sigmoid being a frequency, 1/N.
    """
    found = [(line, _row(line, floors)) for line in lines(shares)]
    rows = [
        {"size": line.size, "parameters": line.parameters, "ratio": line.ratio, **row} for line, row in found if row
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(line: Line, floors: pd.Series) -> dict[str, Any] | None:
    floor = floors.loc[line.people].to_numpy(float)
    share, resampled = ((each - floor) / (1 - floor) for each in (line.share, line.resampled))
    return shape_row(line.frequency, share, resampled, (line.frequency, -1.0), line.confidence)

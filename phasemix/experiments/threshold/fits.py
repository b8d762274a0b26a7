"""The laws of a study of the threshold frequency: its slope in model size, and the slope that the web loss predicts.

``fits.json`` holds, by way of counting a size's parameters (:data:`COUNTS`), M in millions and logarithms natural:

- ``threshold`` and ``crossing``: the straight line of log f in log M, f by the paper's rule and by the crossing
  (:func:`phasemix.experiments.threshold.tables.thresholds_table`), a point being a size's mean over seeds of log f:

  - ``sizes`` in it, smallest first, and ``left_out``, those with a run whose threshold lies off the groups;
  - ``line``, the fields of :class:`phasemix.analysis.horizon_laws.Line`;
  - ``slope``, an interval;
  - ``exponential_r_squared``, of the line of log f in M, an exponential fall, through the same points;
  - ``bend``, an interval: how far log f leaves its line in log M (:func:`phasemix.analysis.bend.bend`), as a share of
    its fall, positive where the fall gets steeper; null with three sizes, or if it does not fall;
  - ``difference``, an interval: ``slope`` less the predicted one; null without that;

- ``web``: the law of the loss over sizes at ratio 0, L = E + A · M^−α (:mod:`phasemix.analysis.power_law_fits`):
  ``sizes``; ``irreducible``, ``factor`` and ``exponent``, intervals; ``slope``, an interval, the predicted −(α + 1);
  ``misfit`` and ``misfit_p``, the chance that the seeds' scatter alone gives so large a misfit; ``r_squared``, of the
  sizes' mean losses.

An interval is ``value``, ``low`` and ``high``. A law is null where it cannot be fitted, a line with fewer than three
sizes, the loss with fewer than four or with a single seed of one.

**How sure the slope is.** Runs of one size share what the size does to all of them, so a size is one point, and the
interval is Student's with two degrees of freedom fewer than sizes. A size of which one run lies off the groups is left
out whole: with its other runs alone, its mean would lie too near the middle of the groups.

**How sure the difference is.** The slope and α are of different runs and are taken as independent. Their intervals are
not symmetric, so each end of the difference lies as far from it as the root of the summed squares of the two
distances that lead there (Zou and Donner 2008, Statistics in Medicine 27, 1693–1702).
"""

import math
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import f as fisher

from phasemix.analysis.bend import bend
from phasemix.analysis.horizon_laws import fit_line
from phasemix.analysis.power_law_fits import (
    ThresholdFrequency,
    fit_size_law,
    fit_threshold_law,
    size_law_intervals,
)
from phasemix.base.errors import PhasemixError

COUNTS = {"all": "parameters", "non_embedding": "non_embedding"}
"""Ways of counting a size's parameters, and the column of each."""
MEASURES = ("threshold", "crossing")
MILLION = 1e6


def fits(
    thresholds: pd.DataFrame, web: pd.DataFrame, *, bootstrap: int, confidence: float, seed: int
) -> dict[str, dict[str, Any]]:
    """The laws above, of ``thresholds.csv`` and ``web.csv``; the other arguments are those of the intervals."""
    found = {}
    points = {measure: _points(thresholds, measure) for measure in MEASURES}
    for count, column in COUNTS.items():
        loss = web_law(web, column, bootstrap=bootstrap, confidence=confidence, seed=seed)
        lines = {measure: threshold_law(each, column, confidence) for measure, each in points.items()}
        for line in filter(None, lines.values()):
            line["difference"] = None if loss is None else difference(line["slope"], loss["slope"])
        found[count] = lines | {"web": loss}
    return found


def threshold_law(points: pd.DataFrame, column: str, confidence: float) -> dict[str, Any] | None:
    """A line as above, without ``difference``.

    Args:
        points: a size a row, smallest first: its ``size``, numbers of parameters, ``frequency`` and ``standing``.
        column: that which counts M.
        confidence: of the intervals.
    """
    sizes = points[column].to_numpy(float) / MILLION
    thresholds = [ThresholdFrequency(*row) for row in points[["frequency", "standing"]].itertuples(index=False)]
    try:
        line = fit_threshold_law(sizes, thresholds)
    except PhasemixError:  # too few sizes
        return None
    on = (points["standing"] == "on").to_numpy()
    m, log_f = sizes[on], np.log(points.loc[on, "frequency"].to_numpy(float))
    low, high = line.slope_interval(confidence)
    bent = bend(np.log(m), -log_f, confidence)
    return {
        "sizes": points.loc[on, "size"].tolist(),
        "left_out": points.loc[~on, "size"].tolist(),
        "line": {name: None if math.isnan(value) else value for name, value in asdict(line).items()},
        "slope": _interval(line.slope, low, high),
        "exponential_r_squared": _number(fit_line(m, log_f, "sizes").r_squared),
        "bend": None if math.isnan(bent[0]) else _interval(*bent),
    }


def web_law(web: pd.DataFrame, column: str, *, bootstrap: int, confidence: float, seed: int) -> dict[str, Any] | None:
    """The law of the loss as above, of the runs at ratio 0; ``column`` counts M."""
    sizes, losses = web[column].to_numpy(float) / MILLION, web["loss"].to_numpy(float)
    try:
        law = fit_size_law(sizes, losses)
        ends = size_law_intervals(sizes, losses, resamples=bootstrap, confidence=confidence, seed=seed)
    except PhasemixError:  # too few sizes or seeds
        return None
    means = pd.Series(losses).groupby(sizes).mean()
    unexplained = np.square(means - law.loss(means.index.to_numpy())).sum()
    low, high = ends.exponent
    return {
        "sizes": web.sort_values("parameters")["size"].unique().tolist(),
        "irreducible": _interval(law.irreducible, *ends.irreducible),
        "factor": _interval(law.factor, *ends.factor),
        "exponent": _interval(law.exponent, low, high),
        "slope": _interval(-(law.exponent + 1), -(high + 1), -(low + 1)),
        "misfit": ends.misfit,
        "misfit_p": float(fisher.sf(ends.misfit, len(means) - 3, len(losses) - len(means))),
        "r_squared": float(1 - unexplained / np.square(means - means.mean()).sum()),
    }


def difference(measured: dict[str, float], predicted: dict[str, float]) -> dict[str, float]:
    """One interval less another, of independent numbers (above)."""
    value = measured["value"] - predicted["value"]
    down = math.hypot(measured["value"] - measured["low"], predicted["high"] - predicted["value"])
    up = math.hypot(measured["high"] - measured["value"], predicted["value"] - predicted["low"])
    return _interval(value, value - down, value + up)


def _points(thresholds: pd.DataFrame, measure: str) -> pd.DataFrame:
    """A point of every size, smallest first: the geometric mean of its runs, and where they stand."""
    runs = thresholds.assign(log_f=np.log(thresholds[measure]))
    by_size = runs.groupby(["parameters", "non_embedding", "size"], as_index=False)
    points = by_size.agg(log_f=("log_f", "mean"), standing=(f"{measure}_standing", _common))
    return points.assign(frequency=np.exp(points["log_f"]))


def _common(standings: pd.Series) -> str:
    """Where all runs of a size stand: on the groups, or off them if one does."""
    off = standings[standings != "on"]
    return str(off.iloc[0]) if len(off) else "on"


def _interval(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": float(value), "low": float(low), "high": float(high)}


def _number(value: float) -> float | None:
    """As JSON can hold it."""
    return None if math.isnan(value) else value

"""Critical ratios and critical sizes, with bootstrap intervals.

**Definition.** The critical ratio of a size is where its accuracy, as a function of the mixing
ratio, crosses ``critical_accuracy``. The function is the isotonic (non-decreasing least-squares) regression of
the mean accuracy over seeds, interpolated linearly in log ratio between the ratios of the grid.
The critical size of a ratio is the same along the sizes, in log parameters. If the level is not
reached on the grid, the value is infinite ("above the grid"); if the smallest ratio or size already
reaches it, the value is 0 ("below the grid"). Both are ranks that bootstrap quantiles can use.

**Intervals.** Percentiles over resamples of the people (with replacement, the same people in every
cell, because all cells learn the same people) and, within each (size, ratio), of the seeds. Where
a cell has one seed, the interval cannot include the spread between seeds: ``seeds`` says how many.
"""

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression

from phasemix.analysis.spec import Analysis
from phasemix.seeds import generator


def crossing(x: np.ndarray, accuracy: np.ndarray, level: float) -> float:
    """Where the isotonic regression of ``accuracy`` over increasing, positive ``x`` crosses ``critical_accuracy``.

    Shapes (n,) both; NaN accuracies are left out. 0 if the first point reaches the level already,
    infinity if none does, NaN without points.
    """
    known = np.isfinite(accuracy)
    x, accuracy = x[known], accuracy[known]
    if not len(x):
        return np.nan
    fitted = isotonic_regression(accuracy).x
    above = int(np.searchsorted(fitted, level))
    if above == 0:
        return 0.0
    if above == len(fitted):
        return np.inf
    share = (level - fitted[above - 1]) / (fitted[above] - fitted[above - 1])
    return float(np.exp(np.log(x[above - 1]) + share * np.log(x[above] / x[above - 1])))


class Accuracies:
    """Accuracy of every (size, ratio), resampled over people and seeds.

    Args:
        table: the study's table.
        people: questions asked and answered by cell and person, as in ``<experiment>.people.parquet``.
    """

    def __init__(self, table: pd.DataFrame, people: pd.DataFrame) -> None:
        sized = table[["size", "parameters"]].drop_duplicates().sort_values("parameters")
        self.sizes, self.parameters = sized["size"].tolist(), sized["parameters"].to_numpy(float)
        self.ratios = np.sort(table["ratio"].unique())
        counts = people.pivot_table(
            index=["size", "ratio", "seed"], columns="person", values=["asked", "correct"], aggfunc="sum"
        )
        share = counts["correct"] / counts["asked"]
        self._persons = share.shape[1]
        self._cells = {
            (i, j): share.loc[size, ratio].to_numpy()
            for i, size in enumerate(self.sizes)
            for j, ratio in enumerate(self.ratios)
            if (size, ratio) in share.index
        }

    def seeds(self, size: int, ratio: int) -> int:
        """How many seeds the cell of these indices has."""
        return len(self._cells.get((size, ratio), ()))

    def grid(self, rng: np.random.Generator | None = None) -> np.ndarray:
        """Mean accuracies, shape (sizes, ratios), NaN where nothing was run; resampled if ``rng`` is given."""
        found = np.full((len(self.sizes), len(self.ratios)), np.nan)
        persons = np.arange(self._persons) if rng is None else rng.integers(self._persons, size=self._persons)
        for cell, shares in self._cells.items():
            chosen = shares if rng is None else shares[rng.integers(len(shares), size=len(shares))]
            found[cell] = chosen[:, persons].mean()
        return found

    def resampled(self, count: int, seed: int) -> np.ndarray:
        """``count`` bootstrap grids; shape (count, sizes, ratios)."""
        rng = generator(seed, "bootstrap")
        return np.stack([self.grid(rng) for _ in range(count)])


def accuracy_intervals(table: pd.DataFrame, people: pd.DataFrame, analysis: Analysis, seed: int) -> pd.DataFrame:
    """Mean accuracy of every (size, ratio) with its interval.

    Columns ``size``, ``parameters``, ``ratio``, ``seeds`` (how many), ``accuracy``, ``low``, ``high``.
    """
    data = Accuracies(table, people)
    low, high = np.quantile(data.resampled(analysis.bootstrap, seed), analysis.quantiles, axis=0)
    best = data.grid()
    rows = [
        {
            "size": size,
            "parameters": int(data.parameters[i]),
            "ratio": ratio,
            "seeds": data.seeds(i, j),
            "accuracy": best[i, j],
            "low": low[i, j],
            "high": high[i, j],
        }
        for i, size in enumerate(data.sizes)
        for j, ratio in enumerate(data.ratios)
        if data.seeds(i, j)
    ]
    return pd.DataFrame(rows)


def critical_points(table: pd.DataFrame, people: pd.DataFrame, analysis: Analysis, seed: int) -> pd.DataFrame:
    """Critical ratio of every size and critical size (in parameters) of every ratio.

    Returns:
        A row a point: ``kind`` (``ratio`` or ``size``), ``size``, ``parameters`` or ``ratio`` (where it
        was taken), ``value``, ``low``, ``high``, ``standing`` (``on``, ``above`` or ``below`` the
        grid), ``seeds`` (fewest and most, of the cells used), ``left_out`` (cells that diverged).
    """
    data = Accuracies(table, people)
    best, resampled = data.grid(), data.resampled(analysis.bootstrap, seed)
    level = analysis.critical_accuracy
    lost = table[table["diverged"]]
    rows = []
    lines = [("ratio", i) for i in range(len(data.sizes))] + [("size", j) for j in range(len(data.ratios))]
    for kind, i in lines:
        x = data.ratios if kind == "ratio" else data.parameters
        line = best[i] if kind == "ratio" else best[:, i]
        samples = resampled[:, i] if kind == "ratio" else resampled[:, :, i]
        value = crossing(x, line, level)
        crossings = np.array([crossing(x, sample, level) for sample in samples])
        low, high = np.quantile(crossings, analysis.quantiles, method="closest_observation")
        seeds = [data.seeds(*((i, k) if kind == "ratio" else (k, i))) for k in range(len(x))]
        seeds = [count for count in seeds if count]
        here = lost["size"] == data.sizes[i] if kind == "ratio" else lost["ratio"] == data.ratios[i]
        rows.append(
            {
                "kind": kind,
                "size": data.sizes[i] if kind == "ratio" else None,
                "parameters": data.parameters[i] if kind == "ratio" else None,
                "ratio": data.ratios[i] if kind == "size" else None,
                "value": value,
                "low": low,
                "high": high,
                "standing": "below" if value == 0 else "above" if np.isinf(value) else "on",
                "seeds": "–".join(str(count) for count in sorted({min(seeds, default=0), max(seeds, default=0)})),
                "left_out": "; ".join(
                    f"{c.size} r={c.ratio:g} seed {c.seed}" for c in lost[here].itertuples(index=False)
                ),
            }
        )
    return pd.DataFrame(rows)

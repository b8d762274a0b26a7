"""Critical ratios and critical sizes, with bootstrap intervals.

**Definition.** The critical ratio of a size is where its accuracy, as a function of the mixing
ratio, crosses a given level. The function is the isotonic (non-decreasing least-squares) regression of
the mean accuracy over seeds, interpolated linearly in log ratio between the ratios of the grid.
The critical size of a ratio is the same along the sizes, in log parameters. If the level is not
reached on the grid, the value is infinite ("above the grid"); if the smallest ratio or size already
reaches it, the value is 0 ("below the grid"). Both are ranks that bootstrap quantiles can use.

A line of fewer than :data:`FEWEST` cells has no critical point.

**Intervals.** Percentiles over resamples of the people (with replacement, the same people in every
cell, because all cells learn the same people), to which the noise of a mean over n seeds is added: Student's, of the
standard deviation between seeds over √n. Two or three seeds say little about that, so it is pooled over all cells with
several: of the logits of accuracies, where it is alike from the floor to the top, and of known shares themselves.
Where no cell has several seeds, intervals leave this noise out: ``seeds`` says how many there were.
"""

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression
from scipy.special import expit, logit

from phasemix.base.seeds import generator

FEWEST = 3  # cells of a line that has a critical point
STANDINGS = {0.0: "below", np.inf: "above"}


def crossing(x: np.ndarray, accuracy: np.ndarray, level: float) -> float:
    """Where the isotonic regression of ``accuracy`` over increasing, positive ``x`` crosses ``level``.

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
    return float(x[above - 1] * (x[above] / x[above - 1]) ** share)  # even in log x


Share = Literal["accuracy", "known"]
"""Of questions, those answered exactly; or of all bits, those known."""
PARTS: Mapping[Share, tuple[str, str]] = {"accuracy": ("correct", "asked"), "known": ("knowledge", "entropy")}
"""The columns of a table of people whose sums a share is the ratio of."""
SURE = 1e-3  # accuracies are kept so far from 0 and 1 where their logits are taken


class Shares:
    """A share of every (size, ratio), resampled over people and seeds; r = 0, where nothing is shown, is left out.

    Args:
        table: one row per run: ``size``, ``parameters``, ``ratio``, ``seed``, ``diverged``.
        people: what is known by cell and person: ``size``, ``ratio``, ``seed``, ``person``, and the two parts of the
            share (:data:`PARTS`). Runs that diverged have no rows.
        share: which.
        bootstrap: how many resamples.
        confidence: of the intervals.
        seed: of the resamples.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        people: pd.DataFrame,
        *,
        share: Share = "accuracy",
        bootstrap: int,
        confidence: float,
        seed: int,
    ) -> None:
        self._of_logits = share == "accuracy"
        self.table, self._bootstrap, self.confidence, self._seed = table, bootstrap, confidence, seed
        sized = table[["size", "parameters"]].drop_duplicates().sort_values("parameters")
        self.sizes, self.parameters = sized["size"].tolist(), sized["parameters"].to_numpy(float)
        self.ratios = np.sort(table.loc[table["ratio"] > 0, "ratio"].unique())
        counts = people.pivot_table(
            index=["size", "ratio", "seed"], columns="person", values=list(PARTS[share]), aggfunc="sum"
        )
        part, whole = (counts[column] for column in PARTS[share])
        shares = part / whole
        self._persons = shares.shape[1]
        self._cells = {
            (i, j): shares.loc[size, ratio].to_numpy()
            for i, size in enumerate(self.sizes)
            for j, ratio in enumerate(self.ratios)
            if (size, ratio) in shares.index
        }

    def seeds(self, size: int, ratio: int) -> int:
        """How many seeds the cell of these indices has."""
        return len(self._cells.get((size, ratio), ()))

    @cached_property
    def grid(self) -> np.ndarray:
        """Means over people and seeds; shape (sizes, ratios), NaN where nothing was run."""
        return self._mean(None)

    @cached_property
    def resampled(self) -> np.ndarray:
        """Bootstrap grids; shape (resamples, sizes, ratios)."""
        rng = generator(self._seed, "bootstrap")
        return np.stack([self._mean(rng) for _ in range(self._bootstrap)])

    def interval(self, samples: np.ndarray) -> tuple[float, float]:
        """The percentile interval of bootstrap samples, shape (resamples,); infinities are ranks like any."""
        return percentile_interval(samples, self.confidence)

    def _mean(self, rng: np.random.Generator | None) -> np.ndarray:
        found = np.full((len(self.sizes), len(self.ratios)), np.nan)
        persons = np.arange(self._persons) if rng is None else rng.integers(self._persons, size=self._persons)
        for cell, shares in self._cells.items():
            mean = shares[:, persons].mean()
            found[cell] = mean if rng is None else self._with_noise(mean, len(shares), rng)
        return found

    def _with_noise(self, mean: float, seeds: int, rng: np.random.Generator) -> float:
        """A mean over seeds, as other seeds might have it."""
        spread, freedom = self._between_seeds
        if not freedom:
            return mean
        noise = spread / math.sqrt(seeds) * rng.standard_t(freedom)
        if not self._of_logits:
            return mean + noise
        logits = _logit(mean)
        return float(np.clip(mean + expit(logits + noise) - expit(logits), 0, 1))

    @cached_property
    def _between_seeds(self) -> tuple[float, int]:
        """The standard deviation between seeds, pooled over all cells, and its degrees of freedom; see the module."""
        means = [shares.mean(axis=1) for shares in self._cells.values()]
        several = [_logit(each) if self._of_logits else each for each in means if len(each) > 1]
        freedom = sum(len(each) - 1 for each in several)
        squares = sum(np.square(each - each.mean()).sum() for each in several)
        return (math.sqrt(squares / freedom) if freedom else math.nan), freedom


def _logit(accuracy: np.ndarray | float) -> np.ndarray:
    return np.asarray(logit(np.clip(accuracy, SURE, 1 - SURE)))


def percentile_interval(samples: np.ndarray, confidence: float) -> tuple[float, float]:
    """The two ends of a percentile interval of bootstrap samples, shape (resamples,); each end is one of them."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(samples, [tail, 1 - tail], method="closest_observation")
    return float(low), float(high)


def share_intervals(data: Shares, name: Share) -> pd.DataFrame:
    """The mean share of every (size, ratio) with its interval.

    Columns ``size``, ``parameters``, ``ratio``, ``seeds`` (how many), ``name``, ``low``, ``high``.
    """
    rows = []
    for i, size in enumerate(data.sizes):
        for j, ratio in enumerate(data.ratios):
            if data.seeds(i, j):
                low, high = data.interval(data.resampled[:, i, j])
                where = {"size": size, "parameters": int(data.parameters[i]), "ratio": ratio, "seeds": data.seeds(i, j)}
                rows.append({**where, name: data.grid[i, j], "low": low, "high": high})
    return pd.DataFrame(rows)


def critical_points(data: Shares, level: float) -> pd.DataFrame:
    """Critical ratio of every size and critical size (in parameters) of every ratio, where the share is ``level``.

    Returns:
        One row per point: ``kind`` (``ratio`` or ``size``), ``size``, ``parameters`` or ``ratio`` (where it
        was taken), ``value``, ``low``, ``high``, ``standing`` (``on``, ``above`` or ``below`` the
        grid; ``none`` where there are too few cells), ``seeds`` (fewest and most, of the cells used),
        ``left_out`` (cells that diverged).
    """
    lost = data.table[data.table["diverged"]]
    rows = []
    for i, size in enumerate(data.sizes):
        where = {"kind": "ratio", "size": size, "parameters": data.parameters[i], "ratio": None}
        seeds = [data.seeds(i, j) for j in range(len(data.ratios))]
        found = _point(data, level, data.ratios, data.grid[i], data.resampled[:, i])
        rows.append({**where, **found, **_cells_used(seeds, lost[lost["size"] == size])})
    for j, ratio in enumerate(data.ratios):
        where = {"kind": "size", "size": None, "parameters": None, "ratio": ratio}
        seeds = [data.seeds(i, j) for i in range(len(data.sizes))]
        found = _point(data, level, data.parameters, data.grid[:, j], data.resampled[:, :, j])
        rows.append({**where, **found, **_cells_used(seeds, lost[lost["ratio"] == ratio])})
    return pd.DataFrame(rows)


def _point(data: Shares, level: float, x: np.ndarray, line: np.ndarray, samples: np.ndarray) -> dict[str, float | str]:
    if np.isfinite(line).sum() < FEWEST:
        return {"value": np.nan, "low": np.nan, "high": np.nan, "standing": "none"}
    value = crossing(x, line, level)
    low, high = data.interval(np.array([crossing(x, sample, level) for sample in samples]))
    standing = STANDINGS.get(value, "on")
    return {"value": value, "low": low, "high": high, "standing": standing}


def _cells_used(seeds: list[int], lost: pd.DataFrame) -> dict[str, str]:
    counts = [count for count in seeds if count] or [0]
    named = [f"{cell.size} r={cell.ratio:g} seed {cell.seed}" for cell in lost.itertuples(index=False)]
    return {
        "seeds": "–".join(str(count) for count in sorted({min(counts), max(counts)})),
        "left_out": "; ".join(named),
    }

"""Critical points beside their predictions, each with all its resamples."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import FEWEST, STANDINGS, crossing, percentile_interval
from phasemix.experiments.theory.measured import Measured
from phasemix.theory.sized_learner import HALF, SizedLearner

Learners = Sequence[SizedLearner | float]
"""The learner, then that of every resample. Where a resample's calibration is off its grid, it is the critical ratio of
every point instead: 0 or infinity."""


@dataclass(frozen=True)
class Points:
    """Critical points.

    Attributes:
        where: what each is of, one row per point: ``experiment``, ``size``, ``parameters``, ``people``, ``ratio``,
            ``seeds``, as far as they apply, and ``smallest`` and ``largest``, the ends of its grid; missing where
            nothing was measured.
        measured: the values in the first row, then those of every resample, shape (1 + resamples, n): 0 below the grid,
            infinite above it, NaN where nothing was measured.
        predicted: the same; a ratio that is not enough, whatever it is, is infinite.
    """

    where: pd.DataFrame
    measured: np.ndarray
    predicted: np.ndarray

    @property
    def on(self) -> np.ndarray:
        """Which points were measured on their grid, shape (n,)."""
        return np.isfinite(self.measured[0]) & (self.measured[0] > 0)

    @property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The smallest and the largest of every grid, shapes (n,)."""
        return self.where["smallest"].to_numpy(float), self.where["largest"].to_numpy(float)

    def errors(self, most: float) -> np.ndarray:
        """How far predictions lie above the measured points, as a share of these; shape (1 + resamples, n).

        A point off its grid counts as the end of the grid, so the error is the least possible; where the prediction is
        beyond that end as well, nothing speaks against it: the point's own error is NaN then, a resample's 0.

        Args:
            most: what a prediction can be at most.
        """
        smallest, largest = self.ends
        predicted = np.minimum(self.predicted, most)
        errors = predicted / np.clip(self.measured, smallest, largest) - 1
        agree = (self.measured == 0) & (predicted <= smallest) | np.isinf(self.measured) & (predicted >= largest)
        errors[agree] = 0
        errors[0, agree[0]] = np.nan
        return errors

    def table(self, most: float, confidence: float) -> pd.DataFrame:
        """The points as ``predictions.csv`` and ``sizes.csv`` have them."""
        errors = self.errors(most)
        found = {
            **_ends("", self.measured, confidence, name="measured"),
            "standing": [STANDINGS.get(value, "" if np.isnan(value) else "on") for value in self.measured[0]],
            **_ends("predicted_", self.predicted, confidence, name="predicted"),
            **_ends("error_", np.where(np.isnan(errors[0]), np.nan, errors), confidence, name="error"),
        }
        return pd.concat([self.where.reset_index(drop=True), pd.DataFrame(found)], axis=1)


def _ends(prefix: str, samples: np.ndarray, confidence: float, name: str) -> dict[str, list[float]]:
    """The first row, and the ends of the intervals of the others; NaN where the first row is."""
    intervals = [
        (np.nan, np.nan) if np.isnan(column[0]) else percentile_interval(column[1:], confidence) for column in samples.T
    ]
    return {
        name: samples[0].tolist(),
        f"{prefix}low": [low for low, _ in intervals],
        f"{prefix}high": [high for _, high in intervals],
    }


def measured_ratios(measured: Sequence[Measured]) -> tuple[pd.DataFrame, np.ndarray]:
    """The ratios at which half of all bits are known, of every size and number of people: places and values."""
    lines = (
        (
            (each.name, size, int(data.parameters[i]), people),
            data.ratios,
            np.concatenate([data.grid[None, i], data.resampled[:, i]]),
        )
        for each in measured
        for people, data in each.known.items()
        for i, size in enumerate(data.sizes)
    )
    return _gathered(lines, ["experiment", "size", "parameters", "people"], measured[0].resampling["bootstrap"])


def measured_sizes(measured: Sequence[Measured]) -> tuple[pd.DataFrame, np.ndarray]:
    """The parameters with which half of all bits are known, at every ratio and number of people: places and values."""
    lines = (
        (
            (each.name, people, float(ratio)),
            data.parameters,
            np.concatenate([data.grid[None, :, j], data.resampled[:, :, j]]),
        )
        for each in measured
        for people, data in each.known.items()
        for j, ratio in enumerate(data.ratios)
        if ratio < 1
    )
    return _gathered(lines, ["experiment", "people", "ratio"], measured[0].resampling["bootstrap"])


def _gathered(
    lines: Iterable[tuple[tuple[Any, ...], np.ndarray, np.ndarray]], names: list[str], resamples: int
) -> tuple[pd.DataFrame, np.ndarray]:
    """Of lines with enough cells: where they are, and where each of their rows crosses a half, (1 + resamples, n)."""
    rows, values = [], []
    for where, x, shares in lines:
        run = np.isfinite(shares[0])
        if run.sum() >= FEWEST:
            rows.append((*where, x[run][0], x[run][-1]))
            values.append([crossing(x, share, HALF) for share in shares])
    places = pd.DataFrame(rows, columns=[*names, "smallest", "largest"])
    return places, np.array(values, float).reshape(len(rows), 1 + resamples).T


def predicted_ratios(where: pd.DataFrame, learners: Learners) -> np.ndarray:
    """The critical ratios of sizes and numbers of people by every learner, shape (learners, n)."""
    parameters, people = where["parameters"].to_numpy(float), where["people"].to_numpy(float)
    return np.stack(
        [
            each.critical_ratio(parameters, people) if isinstance(each, SizedLearner) else np.full(len(where), each)
            for each in learners
        ]
    )


def predicted_sizes(where: pd.DataFrame, learners: Learners) -> np.ndarray:
    """The critical sizes of ratios and numbers of people by every learner, shape (learners, n)."""
    ratios, people = where["ratio"].to_numpy(float), where["people"].to_numpy(float)
    return np.stack(
        [
            each.critical_size(ratios, people) if isinstance(each, SizedLearner) else np.full(len(where), each)
            for each in learners
        ]
    )

"""Accuracies and known shares of cells that differ in the number of people as well, and critical numbers of people.

Cells with the same people are a grid of sizes and ratios, with intervals of its own
(:class:`phasemix.analysis.critical_points.Shares`); cells with other people share nobody, and are resampled by
themselves. Along the number of people N, what counts is the frequency of each, 1/N: as the mixing ratio, more of it is
easier. So a critical number of people is 1 over a critical frequency.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import STANDINGS, Share, Shares, crossing, percentile_interval
from phasemix.base.seeds import named_seed

CRITICAL = ["size", "parameters", "ratio", "points", "value", "low", "high", "standing", "seeds"]


def shares_by_people(
    table: pd.DataFrame, persons: pd.DataFrame, share: Share, *, bootstrap: int, confidence: float, seed: int
) -> dict[int, Shares]:
    """The shares of all sizes and ratios, by the number of people, fewest first.

    Args:
        table: one row per run: ``people`` (how many), and what :class:`Shares` needs.
        persons: what everybody is known by in every cell: ``people``, and what :class:`Shares` needs.
        share: which.
        bootstrap: how many resamples.
        confidence: of the intervals.
        seed: of the resamples.

    Returns:
        Without the numbers of people of which every run diverged.
    """
    found = {}
    for people in sorted(table["people"].unique().tolist()):
        runs, own = (each[each["people"] == people] for each in (table, persons))
        if len(own):
            seeds = named_seed(seed, "people", str(people))
            found[people] = Shares(runs, own, share=share, bootstrap=bootstrap, confidence=confidence, seed=seeds)
    return found


@dataclass(frozen=True)
class Line:
    """A share along the number of people, at one size and one ratio.

    Attributes:
        size: its name.
        parameters: of the size.
        ratio: of the mixture.
        people: the numbers of people, most first, so that the frequency rises; shape (n,).
        share: means over people and seeds, shape (n,).
        resampled: of them, shape (resamples, n).
        seeds: of the point with the fewest.
        confidence: of the intervals.
    """

    size: str
    parameters: int
    ratio: float
    people: np.ndarray
    share: np.ndarray
    resampled: np.ndarray
    seeds: int
    confidence: float

    @property
    def frequency(self) -> np.ndarray:
        """1/N, rising; shape (n,)."""
        return 1 / self.people


def lines(shares: Mapping[int, Shares]) -> Iterator[Line]:
    """The line of every size and ratio that was run with two or more numbers of people."""
    cells = {
        (int(data.parameters[i]), size, float(ratio), people): (data, i, j)
        for people, data in shares.items()
        for i, size in enumerate(data.sizes)
        for j, ratio in enumerate(data.ratios)
        if data.seeds(i, j)
    }
    for parameters, size, ratio in sorted({key[:3] for key in cells}):
        people = sorted((key[3] for key in cells if key[:3] == (parameters, size, ratio)), reverse=True)
        if len(people) < 2:
            continue
        points = [cells[parameters, size, ratio, each] for each in people]
        yield Line(
            size=size,
            parameters=parameters,
            ratio=ratio,
            people=np.array(people),
            share=np.array([data.grid[i, j] for data, i, j in points]),
            resampled=np.stack([data.resampled[:, i, j] for data, i, j in points], axis=1),
            seeds=min(data.seeds(i, j) for data, i, j in points),
            confidence=points[0][0].confidence,
        )


def critical_people(shares: Mapping[int, Shares], level: float) -> pd.DataFrame:
    """How many people it takes for the share to fall through a level, at every size and ratio.

    Returns:
        One row per line: ``size``, ``parameters``, ``ratio``, ``points`` (how many), ``value`` with its interval,
            ``low``
        and ``high``: 0 if the fewest people are too many already, infinite if the most are not; ``standing`` (``on``,
        ``below`` or ``above`` the grid), and the fewest ``seeds`` of its points.
    """
    rows = []
    for line in lines(shares):
        value, *samples = (_critical(line.frequency, each, level) for each in (line.share, *line.resampled))
        low, high = percentile_interval(np.array(samples), line.confidence)
        where = {"size": line.size, "parameters": line.parameters, "ratio": line.ratio, "points": len(line.people)}
        standing = STANDINGS.get(value, "on")
        rows.append({**where, "value": value, "low": low, "high": high, "standing": standing, "seeds": line.seeds})
    return pd.DataFrame(rows, columns=CRITICAL)


def _critical(frequency: np.ndarray, share: np.ndarray, level: float) -> float:
    found = crossing(frequency, share, level)
    return np.inf if found == 0 else 1 / found

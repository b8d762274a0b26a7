"""The noise of a single run, from runs that repeat a mixture with another seed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from phasemix.fitting.runs import Runs

MEAN_OF_NORMAL = np.sqrt(2 / np.pi)  # the mean distance of a normal number from its mean, in standard deviations


@dataclass(frozen=True)
class Noise:
    """How far single runs lie from what all runs of their mixture have in the mean.

    Attributes:
        relative: standard deviation of the logarithm of every target's loss, shape (targets,); NaN if nothing repeats.
        freedom: how many runs repeat one of the same mixture and size.
    """

    relative: np.ndarray
    freedom: int

    def multiples(self, error: np.ndarray) -> np.ndarray:
        """Mean relative errors, shape (targets,), in units of what noise alone would give.

        For runs of which a law has seen no row, 1 cannot be beaten.
        """
        return error / (self.relative * MEAN_OF_NORMAL)


def noise_of(runs: Runs) -> Noise:
    """Pooled over all mixtures, sizes and steps that two runs or more have."""
    size, step = runs.scales.T
    where = pd.MultiIndex.from_arrays([runs.mixture_numbers, size, step]).factorize()[0]
    logs = np.log(runs.loss)
    count = np.bincount(where)
    means = np.stack([np.bincount(where, column) for column in logs.T], axis=1) / count[:, None]
    squares, freedom = np.square(logs - means[where]).sum(axis=0), len(logs) - len(count)
    training = pd.DataFrame({"mixture": runs.mixture_numbers, "size": size, "run": runs.run_numbers})
    repeats = training.groupby(["mixture", "size"])["run"].nunique() - 1
    relative = np.sqrt(squares / freedom) if freedom else np.full(len(runs.targets), np.nan)
    return Noise(relative, int(repeats.sum()))

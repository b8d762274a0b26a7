"""Recall as a sigmoid of log size and log frequency: recall = g + (1 − g)·σ(a + b ln N + c ln f) (arXiv 2605.18732).

f is how often a bit is shown, s·r/n of n bits. It knows nothing of losses, and nothing of what other domains need.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares
from scipy.special import expit

START = (0.0, 1.0, 1.0, 0.05)  # a, b, c, g, of centred logarithms
GUESS = (0.0, 0.9)  # least and greatest g
TURN = 0.1  # where residuals stop to be squared


@dataclass(frozen=True)
class RecallSigmoid:
    """A fitted sigmoid: ``numbers`` are a, b, c, g; ``centre`` is the mean of ln N and ln f."""

    numbers: np.ndarray
    centre: np.ndarray

    def __call__(self, size: np.ndarray, frequency: np.ndarray) -> np.ndarray:
        """Recall accuracies, shape (n,), at sizes and frequencies (n,)."""
        return _value(self.numbers, _logs(size, frequency) - self.centre)


def fit_recall_sigmoid(size: np.ndarray, frequency: np.ndarray, recall: np.ndarray) -> RecallSigmoid:
    """Fit to recall accuracies (n,), least squares with linear tails."""
    logs = _logs(size, frequency)
    centre = logs.mean(axis=0)

    def residuals(numbers: np.ndarray) -> np.ndarray:
        return _value(numbers, logs - centre) - recall

    found = least_squares(
        residuals,
        START,
        bounds=([-np.inf, -np.inf, -np.inf, GUESS[0]], [np.inf, np.inf, np.inf, GUESS[1]]),
        loss="soft_l1",
        f_scale=TURN,
    )
    return RecallSigmoid(found.x, centre)


def _logs(size: np.ndarray, frequency: np.ndarray) -> np.ndarray:
    return np.log(np.stack([size, frequency], axis=1))


def _value(numbers: np.ndarray, logs: np.ndarray) -> np.ndarray:
    a, b, c, guess = numbers
    return guess + (1 - guess) * expit(a + logs @ np.array([b, c]))

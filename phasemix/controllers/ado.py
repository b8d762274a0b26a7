"""ADO: proportions by how fast every source is still learned, from a law fitted on the way (arXiv 2410.11820).

Section 3: L_k(n) = ε_k + β_k·n^(−α_k) is fitted to what a source's loss has been after n tokens, in logarithms, with
Huber's loss. How fast it falls, −dL_k/dn = α_k·(L_k − ε_k) / n, times the prior μ_k and the credit h_k^s gives the
preference ρ, of which none is below ``least``. π = γ₂·ρ + (1 − γ₂)·π̄, π̄ being the mean of all ρ so far; h is the
moving average of π with γ₁. As in ADO's own code, n counts the tokens of all sources, as they help each other. Losses
are of held-out text, where ADO takes the batches.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from phasemix.controllers.controller import Controller, Seen

EXPONENTS = np.linspace(0.01, 0.8, 80)  # ADO bounds them by .8, too
LEAST_EXPONENT = 0.05  # smaller ones count as this
HUBER = 1e-3  # of relative errors
REWEIGHTED = 20  # times
LEAST_POINTS = 4  # to fit three numbers


class ADO(Controller):
    """ADO, which leaves the first proportions, its prior μ, as they are until ``warmup`` tokens are read.

    ``own`` (γ₂) is the weight of ρ in π, ``memory`` (1 − γ₁) that of the past in h, ``credit`` is s.
    """

    def __init__(
        self, warmup: float = 0, own: float = 0.1, memory: float = 0.9, credit: float = 0.5, least: float = 0.01
    ) -> None:
        self._warmup = warmup
        self._own = own
        self._memory = memory
        self._credit = credit
        self._least = least
        self._prior: list[float] = []
        self._credits: list[float] = []  # h
        self._mean: list[float] = []  # π̄
        self._preferences = 0  # how many ρ it is the mean of
        self._tokens: list[int] = []
        self._losses: list[list[float]] = []

    def proportions(self, seen: Seen) -> dict[str, float]:
        """π, or the prior as long as too little is known."""
        names, now = list(seen.proportions), list(seen.proportions.values())
        if not self._prior:
            self._prior, self._credits, self._mean = now, now, now
        self._credits = [self._memory * h + (1 - self._memory) * p for h, p in zip(self._credits, now, strict=True)]
        if 0 < seen.tokens >= self._warmup:
            self._tokens.append(seen.tokens)
            self._losses.append([seen.losses[name] for name in names])
        if len(self._tokens) < LEAST_POINTS:
            return dict(seen.proportions)
        laws = [fit_power_law(self._tokens, column) for column in zip(*self._losses, strict=True)]
        speeds = [learning_speed(law, seen.tokens) for law in laws]
        preference = preferred(self._prior, self._credits, speeds, self._credit, self._least)
        found = self._own * preference + (1 - self._own) * np.array(self._mean)
        self._preferences += 1
        self._mean = (np.array(self._mean) + (preference - self._mean) / (self._preferences + 1)).tolist()
        return dict(zip(names, (found / found.sum()).tolist(), strict=True))

    @property
    def state(self) -> dict[str, Any]:
        """The prior, the averages, and all losses so far."""
        return {
            "prior": self._prior,
            "credits": self._credits,
            "mean": self._mean,
            "preferences": self._preferences,
            "tokens": self._tokens,
            "losses": self._losses,
        }

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self._prior, self._credits, self._mean = (list(state[name]) for name in ("prior", "credits", "mean"))
        self._preferences = state["preferences"]
        self._tokens, self._losses = list(state["tokens"]), [list(row) for row in state["losses"]]


def fit_power_law(tokens: Sequence[float], losses: Sequence[float]) -> tuple[float, float, float]:
    """(ε, β, α) of L = ε + β·n^(−α), n in units of the last of ``tokens``.

    For every α of ``EXPONENTS`` the two others follow by least squares of relative errors, reweighted until they are
    those of Huber's loss; the α with the least loss is taken.
    """
    n, measured = np.array(tokens, dtype=float) / tokens[-1], np.array(losses, dtype=float)
    curves = n ** -EXPONENTS[:, None]  # (exponents, points)
    weights = np.ones_like(curves)
    for _ in range(REWEIGHTED):
        floors, falls = _lines(curves, measured, weights / measured**2)
        errors = np.abs((floors[:, None] + falls[:, None] * curves) / measured - 1)
        weights = np.minimum(1, HUBER / np.maximum(errors, 1e-15))
    loss = np.where(errors <= HUBER, errors**2 / 2, HUBER * (errors - HUBER / 2)).sum(axis=1)
    best = int(loss.argmin())
    return float(floors[best]), float(falls[best]), float(EXPONENTS[best])


def _lines(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Intercepts and slopes of y over every row of x by weighted least squares, none below 0."""
    weights = weights / weights.sum(axis=1, keepdims=True)
    middle, mean = (weights * x).sum(axis=1), (weights * y).sum(axis=1)
    spread = (weights * (x - middle[:, None]) ** 2).sum(axis=1)
    slopes = (weights * (x - middle[:, None]) * (y - mean[:, None])).sum(axis=1) / np.maximum(spread, 1e-300)
    through_zero = (weights * x * y).sum(axis=1) / (weights * x**2).sum(axis=1)
    intercepts = mean - slopes * middle
    slopes = np.where(intercepts < 0, through_zero, slopes)
    return np.where(slopes < 0, mean, np.maximum(intercepts, 0)), np.maximum(slopes, 0)


def learning_speed(law: tuple[float, float, float], tokens: float) -> float:
    """−dL/dn at the last of the tokens that the law was fitted on."""
    _, fall, exponent = law
    return max(exponent, LEAST_EXPONENT) * fall / tokens


def preferred(
    prior: Sequence[float], credit: Sequence[float], speeds: Sequence[float], exponent: float, least: float
) -> np.ndarray:
    """ρ ∝ μ·h^s·speed, raised to ``least`` where it is below, and renormalised; shape (k,)."""
    found = np.array(prior) * np.array(credit) ** exponent * np.array(speeds)
    found = np.maximum(found / found.sum(), least)
    return np.asarray(found / found.sum())


CONTROLLER = ADO

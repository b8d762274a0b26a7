"""What the best mixture minimises: Σ_i w_i L_i(r) + λ·KL(r ‖ prior), over the simplex within caps."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from phasemix.fitting.convex import Expression, Variable
from phasemix.fitting.law import Fit, LawError
from phasemix.fitting.runs import Runs
from phasemix.fitting.simplex import nearest_mixtures

SMALL = 1e-12  # where a logarithm is taken, proportions are kept above this
DIFFERENCE = 1e-6  # relative, for slopes


@dataclass(frozen=True)
class Objective:
    """What a fitted law shall minimise.

    Attributes:
        fit: the law.
        weights: of the targets, shape (targets,), sum 1.
        step: at which step, None where the law has no notion of it.
        size: at which size, the same.
        caps: greatest proportions, shape (m,).
        least: least proportions, shape (m,): where a law is defined.
        prior: the mixture that the best one is compared with, and kept near, shape (m,), sums to 1.
        kl: λ, in nats of loss.
    """

    fit: Fit
    weights: np.ndarray
    step: float | None
    size: float | None
    caps: np.ndarray
    least: np.ndarray
    prior: np.ndarray
    kl: float = 0.0

    def __post_init__(self) -> None:
        if self.caps.sum() < 1 - 1e-9:
            raise LawError(f"the caps leave no mixture: together they allow {self.caps.sum():.3g} of it")
        if not self.fit.of_any_mixture:
            raise LawError(f"{self.fit.law.name} says nothing of other mixtures: it has no optimum")

    def at(self, mixtures: np.ndarray) -> Runs:
        """Mixtures (n, m) at the objective's step and size, as runs without losses."""
        step, size = (None if value is None else np.full(len(mixtures), value) for value in (self.step, self.size))
        names, nothing = np.full(len(mixtures), "", dtype=object), np.empty((len(mixtures), 0))
        facts = self.fit.runs.facts
        all_facts = None if facts is None else np.repeat(facts.max(axis=0)[None], len(mixtures), axis=0)
        return Runs(names, self.fit.runs.domains, mixtures, (), nothing, size=size, step=step, facts=all_facts)

    def loss(self, mixtures: np.ndarray) -> np.ndarray:
        """Σ_i w_i L_i alone, shape (n,), of mixtures (n, m)."""
        return self.fit.predict(self.at(mixtures)) @ self.weights

    def gain(self, mixture: np.ndarray) -> float:
        """By how much a mixture's loss (m,) lies below the prior's, in nats."""
        of_prior, of_mixture = self.loss(np.stack([self.prior, mixture]))
        return float(of_prior - of_mixture)

    def __call__(self, mixtures: np.ndarray) -> np.ndarray:
        """The objective, shape (n,), of mixtures (n, m)."""
        value = self.loss(mixtures)
        if self.kl:
            kept = np.maximum(mixtures, SMALL)
            value = value + self.kl * (mixtures * np.log(kept / np.maximum(self.prior, SMALL))).sum(axis=1)
        return value

    def slope(self, mixture: np.ndarray) -> np.ndarray:
        """The gradient at a mixture (m,), by differences."""
        h = np.maximum(DIFFERENCE * mixture, 1e-8)
        back = np.minimum(h, mixture)
        up, down = mixture + np.diag(h), mixture - np.diag(back)
        return np.asarray((self(up) - self(down)) / (h + back))

    @cached_property
    def expression(self) -> tuple[Variable, Expression] | None:
        """The objective for CVXPY and its variable, None where CVXPY's rules do not prove it convex."""
        import cvxpy as cp  # noqa: PLC0415 - takes a second

        r = cp.Variable(len(self.fit.runs.domains))
        total = cp.Constant(0)
        if self.kl:
            free = np.flatnonzero(self.caps > 0)
            total += self.kl * (cp.sum(cp.kl_div(r[free], self.prior[free])) + 1 - self.prior[free].sum())
        for target, weight in zip(self.fit.targets, self.weights, strict=True):
            if weight:
                loss = self.fit.expression(target, r, self.step, self.size)
                if loss is None:
                    return None
                total += weight * loss
        return (r, total) if total.is_dcp() else None

    def gap(self, mixture: np.ndarray) -> float:
        """The duality gap (Frank and Wolfe's): if the objective is convex, nothing is better by more."""
        slope = self.slope(mixture)
        best = self.least.copy()
        for j in np.argsort(slope):
            best[j] += min(self.caps[j] - best[j], 1 - best.sum())
        return max(float(slope @ (mixture - best)), 0.0)

    def within(self, points: np.ndarray) -> np.ndarray:
        """The nearest allowed mixtures to points (n, m)."""
        return nearest_mixtures(points, self.least, self.caps)

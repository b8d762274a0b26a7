"""Laws of a learner whose domains share a bounded capacity: their domains are fitted together, as one problem."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from phasemix.base.seeds import named_seed
from phasemix.fitting.capacity_formula import Roles, answers, formula_parameters, in_own_units
from phasemix.fitting.capacity_starts import starts
from phasemix.fitting.few_rows import few_of_each_run
from phasemix.fitting.intervals import Uncertainty, uncertainty
from phasemix.fitting.law import (
    CONFIDENCE,
    Fit,
    InapplicableError,
    Law,
    parameter_table,
    require_axes,
    require_mixtures,
)
from phasemix.fitting.levenberg_marquardt import ROUGH, Effort, Solution, minimise
from phasemix.fitting.parameters import Parameter, from_theta, to_theta, with_interval
from phasemix.fitting.places import Places, places
from phasemix.fitting.runs import MIX, Runs

FIRST_HUBER = 0.01  # of relative residuals, where a first fit begins to tell how far each column scatters
HUBER = 1.345  # of residuals in units of their column's scatter
FIRST_RECALL = (0.1, 0.01)  # of all questions: what weighs, in two first fits, as much as a hundredth of a loss
NORMAL = 1.4826  # standard deviations in the median distance of a normal number from its mean
LEAST_SCATTER = 1e-6  # below which a column is met exactly
STARTS, POLISHED, SCREENED_ROWS = 16, 2, 512
FITTED_NUMBERS = 2_000_000  # of gradients: where all rows have more, a few of every run are fitted
EFFORT = Effort(150, 1e-9)
NUMBERS_AT_ONCE = 20_000_000  # of gradients held in memory
PRIOR_SPREAD = 3.0  # standard deviation of ln c and ln b of broad domains around their means


class CapacityLaw(Law):
    """A law by :mod:`phasemix.fitting.capacity_formula`.

    Class attributes:
        facts: whether it knows domains of facts; otherwise all domains are broad to it.
    """

    facts: ClassVar[bool]

    def check(self, runs: Runs) -> None:
        """See :meth:`Law.check`."""
        self._unfitted(runs)

    def fit(self, runs: Runs, seed: int = 0) -> "CapacityFit":
        """Fit all domains together; see :meth:`Law.fit`."""
        fit = self._unfitted(runs)
        runs = fit.runs
        rows = max(len(fit.formula), FITTED_NUMBERS // (len(fit.formula) * fit.wanted.shape[1]))
        if len(runs) > rows:
            order = few_of_each_run(runs, np.random.default_rng(named_seed(seed, self.name, "fitted rows")))
            fit = replace(fit, used=np.sort(order[:rows]))
            fit.notes.append(f"fitted on {rows} of {len(runs)} rows, a few of every run")
        if not self.facts and runs.facts is not None:
            fit.notes.append("domains of facts are taken for broad ones; the law cliff tells them apart")
        fit.theta, fit.converged, fit.scatter = _best(fit, seed)
        fit.notes.extend(fit.statements())
        return fit

    def _unfitted(self, runs: Runs) -> "CapacityFit":
        """What there is before the parameters, of runs that are enough for them; see :meth:`Law.check`."""
        if self.facts and runs.facts is None:
            raise InapplicableError(self.name, "needs a domain of facts: a column facts.<domain> with their bits")
        kept = tuple(name for name in runs.targets if name in runs.domains)
        skipped = {name: f"needs its own proportion, {MIX}{name}" for name in runs.targets if name not in kept}
        if not kept:
            raise InapplicableError(self.name, "needs the domains' own proportions; no loss domain has a mix column")
        require_mixtures(self, runs)
        runs = runs.of_targets(kept)
        numbers = (np.empty(0), np.zeros(1, bool), np.empty(0), np.arange(len(runs)))
        fit = CapacityFit(self, runs, runs.varying_axes, skipped, [], *numbers)
        known = int(np.isfinite(fit.wanted).sum())
        if known <= len(fit.formula):
            problem = f"has {len(fit.formula)} parameters and needs more losses than that; there are {known}"
            raise InapplicableError(self.name, problem)
        return fit

    def restore(self, runs: Runs, state: dict[str, Any], skipped: dict[str, str], notes: list[str]) -> "CapacityFit":
        """See :meth:`Law.restore`."""
        numbers = {name: np.array(state[name]) for name in ("theta", "converged", "scatter", "used")}
        return CapacityFit(self, runs, tuple(state["axes"]), skipped, notes, **numbers)


@dataclass
class CapacityFit(Fit):
    """A fitted formula.

    Attributes:
        theta: the fitted numbers, shape (p,), positive parameters as logarithms.
        converged: whether the search came to rest, shape (1,).
        scatter: of the relative residuals of every loss, then of those of every recall accuracy, shape (k,).
        used: the rows that it was fitted on.
    """

    law: CapacityLaw
    theta: np.ndarray
    converged: np.ndarray
    scatter: np.ndarray
    used: np.ndarray

    @cached_property
    def roles(self) -> Roles:
        """What the columns of the fitted runs are."""
        domains, runs = self.runs.domains, self.runs
        factual = np.zeros(len(domains), bool)
        if self.law.facts and runs.facts is not None:
            factual = runs.facts.max(axis=0) > 0
        asked = np.zeros(len(domains), bool) if runs.recall is None else np.isfinite(runs.recall).any(axis=0)
        losses = tuple(domains.index(name) for name in runs.targets)
        broad, facts, recalls = (
            tuple(np.flatnonzero(which).tolist()) for which in (~factual, factual, factual & asked)
        )
        return Roles(domains, broad, facts, losses, recalls)

    @cached_property
    def formula(self) -> tuple[Parameter, ...]:
        """All parameters."""
        return formula_parameters(self.roles)

    @cached_property
    def floors(self) -> np.ndarray:
        """What own proportions of zero count as where a domain's own data are meant, shape (m,)."""
        mixture = self.runs.mixture
        return 0.5 * np.where(mixture > 0, mixture, np.inf).min(axis=0, initial=1.0)

    def places(self, runs: Runs) -> Places:
        """Where runs are.

        Raises:
            LawError: a column that the formula has a term for is not there.
        """
        runs = runs.aligned(self.runs.domains)
        require_axes(self.law, runs, self.axes)
        if self.roles.facts and runs.facts is None:
            raise InapplicableError(self.law.name, "was fitted with facts; the table needs its columns facts.<domain>")
        return places(runs, self.axes, self.floors)

    def values(self, theta: np.ndarray, x: Places) -> tuple[np.ndarray, np.ndarray]:
        """All answers by the fitted numbers (b, p): shapes (b, n, k) and (b, n, k, p)."""
        return answers(from_theta(theta, self.formula), x, self.roles)

    @cached_property
    def sample(self) -> Runs:
        """The runs' rows that it is fitted on."""
        return self.runs.rows(self.used)

    @cached_property
    def wanted(self) -> np.ndarray:
        """Losses of the rows it is fitted on, then recall accuracies; not a number where none was measured; (n, k)."""
        runs = self.sample
        if not self.roles.recalls:
            return runs.loss
        assert runs.recall is not None
        return np.concatenate([runs.loss, runs.recall[:, list(self.roles.recalls)]], axis=1)

    def weights(self, scatter: np.ndarray | float) -> np.ndarray:
        """Of residuals, 0 where nothing was measured, shape (n, k), if columns scatter so (k,)."""
        weight = np.ones(self.wanted.shape)
        weight[:, : len(self.targets)] = 1 / self.sample.loss
        return np.where(np.isfinite(self.wanted), weight / scatter, 0)

    @property
    def first_scatters(self) -> list[np.ndarray]:
        """Of every column (k,), so that first fits weigh them: two where recall is fitted, one near it and one not."""
        recall = np.arange(self.wanted.shape[1]) >= len(self.targets)
        return [np.where(recall, each / FIRST_HUBER, 1.0) for each in (FIRST_RECALL if recall.any() else (1.0,))]

    def prior(self) -> np.ndarray:
        """The precision of the prior: that broad domains are alike, within a factor e³, in c and in b; (p, p)."""
        precision = np.zeros((len(self.formula),) * 2)
        for letter in ("c[", "b["):
            which = [i for i, parameter in enumerate(self.formula) if parameter.name.startswith(letter)]
            precision[np.ix_(which, which)] = np.eye(len(which)) - 1 / len(which)
        return precision / PRIOR_SPREAD**2

    def predict(self, runs: Runs) -> np.ndarray:
        """See :meth:`Fit.predict`."""
        return self.values(self.theta[None], self.places(runs))[0][0, :, : len(self.targets)]

    def recall(self, runs: Runs) -> dict[str, np.ndarray]:
        """See :meth:`Fit.recall`."""
        found = self.values(self.theta[None], self.places(runs))[0][0, :, len(self.targets) :]
        return {self.runs.domains[i]: column for i, column in zip(self.roles.recalls, found.T, strict=True)}

    def interval(self, runs: Runs, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Fit.interval`."""
        value, gradient = self.values(self.theta[None], self.places(runs))
        value, gradient = (found[0, :, : len(self.targets)] for found in (value, gradient))
        half = self.uncertainty.of_values(gradient.reshape(-1, gradient.shape[-1]), confidence).reshape(value.shape)
        return value - half, value + half

    def parameters(self, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """See :meth:`Fit.parameters`; those of a domain stand with it."""
        positive = np.array([parameter.log for parameter in self.formula])
        half, identified = self.uncertainty.of_parameters(positive, confidence)
        names = [parameter.name.partition("[") for parameter in self.formula]
        return parameter_table(
            domain=[domain.removesuffix("]") or None for _, _, domain in names],
            parameter=[letter for letter, _, _ in names],
            **with_interval(self.theta, half, self.formula),
            identified=identified,
        )

    def parameter_counts(self) -> np.ndarray:
        """An equal share of all: no target has parameters of its own alone."""
        return np.full(len(self.targets), -(-len(self.formula) // len(self.targets)))

    @property
    def state(self) -> dict[str, Any]:
        """See :attr:`Fit.state`."""
        numbers = {name: getattr(self, name).tolist() for name in ("theta", "converged", "scatter", "used")}
        return numbers | {"axes": list(self.axes)}

    def statements(self) -> list[str]:
        """What a reader must know of the fit."""
        found = []
        zeros = (self.runs.own(self.targets) == 0).sum(axis=1)
        found += [
            f"{name}: {count} of {len(self.runs)} own proportions are 0, and count as half the smallest positive one"
            " where the domain's own data are meant"
            for name, count in zip(self.targets, zeros, strict=True)
            if count
        ]
        if not self.converged[0]:
            found.append("the fit did not come to rest; take its parameters as a rough guess")
        identified = self.parameters()["identified"]
        lost = [parameter.name for parameter, sure in zip(self.formula, identified, strict=True) if not sure]
        if lost:
            found.append(f"the runs do not identify {', '.join(lost)}")
        return found

    @cached_property
    def uncertainty(self) -> Uncertainty:
        """How sure θ is; all answers of a run share its noise."""
        weight = self.weights(self.scatter)
        value, gradient = self.values(self.theta[None], self.places(self.sample))
        kept = weight > 0
        residual = (value[0] - self.wanted)[kept] * weight[kept]
        run = np.broadcast_to(self.sample.run_numbers[:, None], weight.shape)[kept]
        return uncertainty(gradient[0][kept] * weight[kept][:, None], residual, run, penalty=self.prior(), huber=HUBER)


def _best(fit: CapacityFit, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The best of many starts: θ, whether at rest, and how far every column scatters around it.

    A first fit finds the scatter of every column, a second one weighs each by it, with the prior. A fit that fails one
    column finds that it scatters, weighs it little, and fails it again. So where recall is fitted beside losses there
    are two first fits, one near the losses and one near recall, and the likelihood decides: wide scatter lowers it.
    """
    from scipy.stats import qmc  # noqa: PLC0415 - takes a second, and predictions need none of it

    at = fit.places(fit.sample)
    size, step = (
        float(np.exp(np.log(getattr(fit.runs, axis)).mean())) if axis in fit.axes else 1.0 for axis in ("size", "step")
    )
    x = at.in_units(size, step)
    u = qmc.Sobol(6, rng=np.random.default_rng(named_seed(seed, fit.law.name, "starts"))).random(STARTS)
    start = to_theta(starts(x, fit.wanted, fit.roles, u), fit.formula)
    rows = np.random.default_rng(named_seed(seed, fit.law.name, "rows")).permutation(len(fit.wanted))[:SCREENED_ROWS]
    first = [fit.weights(each) for each in fit.first_scatters]
    screened = _minimised(fit, x.rows(rows), rows, first[0], start, prior=False, effort=ROUGH)
    good = screened.theta[np.argsort(screened.cost, kind="stable")[:POLISHED]]
    found = [_weighed(fit, x, good, each) for each in first]
    solution, scatter, _ = min(found, key=lambda one: one[2])
    own = in_own_units(from_theta(solution.theta, fit.formula), fit.roles, size, step)
    return to_theta(own, fit.formula)[0], solution.converged & np.isfinite(solution.cost), scatter


def _weighed(fit: CapacityFit, x: Places, start: np.ndarray, weight: np.ndarray) -> tuple[Solution, np.ndarray, float]:
    """The second fit, the scatter that the first found with these weights (n, k), and the −log likelihood."""
    every = np.arange(len(weight))
    found = _minimised(fit, x, every, weight, start, prior=False, effort=EFFORT)
    theta = found.theta[[np.argmin(found.cost)]]
    scatter = _scatter(fit.values(theta, x)[0][0] - fit.wanted, fit.weights(1.0))
    found = _minimised(fit, x, every, fit.weights(scatter), theta, prior=True, effort=EFFORT)
    spread = (np.isfinite(fit.wanted).sum(axis=0) * np.log(scatter)).sum()
    return found, scatter, float(found.cost[0] + spread)


def _scatter(residual: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Robust standard deviations of weighted residuals (n, k) by column, shape (k,)."""
    distance = np.where(weight > 0, np.abs(residual * weight), np.nan)
    return np.maximum(NORMAL * np.nanmedian(distance, axis=0), LEAST_SCATTER)


def _minimised(
    fit: CapacityFit,
    x: Places,
    rows: np.ndarray,
    weight: np.ndarray,
    start: np.ndarray,
    *,
    prior: bool,
    effort: Effort,
) -> Solution:
    """Solutions for some rows, at places x, from starts (b, p); with the prior, residuals are in units of scatter."""
    low, high = to_theta(np.array([[p.low for p in fit.formula], [p.high for p in fit.formula]]), fit.formula)
    weight = weight[rows]
    wanted = np.where(weight > 0, fit.wanted[rows], 0)

    def model(theta: np.ndarray, _: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        value, gradient = fit.values(theta, x)
        return value.reshape(len(theta), wanted.size), gradient.reshape(len(theta), wanted.size, -1)

    together = max(1, NUMBERS_AT_ONCE // (wanted.size * start.shape[1]))
    found = []
    for some in np.split(start, range(together, len(start), together)):
        every = np.ones((len(some), 1))
        found.append(
            minimise(
                model,
                every * wanted.reshape(1, -1),
                every * weight.reshape(1, -1),
                some,
                (low, high),
                huber=HUBER if prior else FIRST_HUBER,
                penalty=every[..., None] * fit.prior() if prior else None,
                effort=effort,
            )
        )
    return Solution(*(np.concatenate([getattr(one, name) for one in found]) for name in ("theta", "cost", "converged")))

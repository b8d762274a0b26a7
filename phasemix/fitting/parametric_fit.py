"""A formula fitted to runs: its predictions, its parameters, and how sure they are."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from phasemix.fitting.convex import Expression, Variable
from phasemix.fitting.inputs import Inputs, Scale
from phasemix.fitting.intervals import Uncertainty, uncertainty
from phasemix.fitting.law import CONFIDENCE, Fit, parameter_table, require_axes
from phasemix.fitting.parameters import Parameter, from_theta, with_interval
from phasemix.fitting.runs import Runs

if TYPE_CHECKING:
    from phasemix.fitting.parametric import Parametric


@dataclass
class ParametricFit(Fit):
    """A fitted formula.

    Attributes:
        floors: what own proportions of zero count as, shape (targets,); None: as zero.
        theta: the fitted numbers, shape (targets, p), positive parameters as logarithms.
        converged: whether the search came to rest, shape (targets,).
        precision: of what was known of θ beside the losses, in squares of residuals, shape (targets, p, p).
        pull: how uncertain the pull of that on θ is, shape (targets, p).
    """

    law: "Parametric"
    floors: np.ndarray | None
    theta: np.ndarray
    converged: np.ndarray
    precision: np.ndarray
    pull: np.ndarray

    @property
    def formula(self) -> tuple[Parameter, ...]:
        """The parameters of one domain."""
        return self.law.parameters(self.runs.domains, self.axes)

    def inputs(self, runs: Runs) -> Inputs:
        """What the formula takes of a table of runs.

        Raises:
            LawError: a column that the formula has a term for is not there.
        """
        runs = runs.aligned(self.runs.domains)
        require_axes(self.law, runs, self.axes)
        return self.law.inputs(runs, self.targets, self.axes, self.floors)

    def predict(self, runs: Runs) -> np.ndarray:
        """See :meth:`Fit.predict`."""
        return self.law.values(self.theta, self.inputs(runs), self.formula)[0].T

    def interval(self, runs: Runs, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Fit.interval`."""
        value, gradient = self.law.values(self.theta, self.inputs(runs), self.formula)
        half = np.stack([sure.of_values(g, confidence) for g, sure in zip(gradient, self.uncertainties, strict=True)])
        return (value - half).T, (value + half).T

    def parameters(self, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """See :meth:`Fit.parameters`."""
        formula = self.formula
        positive = np.array([parameter.log for parameter in formula])
        tables = []
        for target, theta, sure in zip(self.targets, self.theta, self.uncertainties, strict=True):
            half, identified = sure.of_parameters(positive, confidence)
            names = [parameter.name for parameter in formula]
            found = with_interval(theta, half, formula)
            tables.append(parameter_table(domain=target, parameter=names, **found, identified=identified))
        return pd.concat(tables, ignore_index=True)

    def parameter_counts(self) -> np.ndarray:
        """See :meth:`Fit.parameter_counts`."""
        return np.full(len(self.targets), len(self.formula))

    def expression(self, target: str, r: Variable, step: float | None, size: float | None) -> Expression:
        """See :meth:`Fit.expression`."""
        scale = Scale(step if "step" in self.axes else None, size if "size" in self.axes else None)
        own = r[self.runs.domains.index(target)] if "own" in self.law.needs else None
        natural = from_theta(self.theta[self.targets.index(target)], self.formula)
        return self.law.expression(natural, r, own, scale)

    @property
    def least_proportions(self) -> np.ndarray:
        """See :attr:`Fit.least_proportions`."""
        return super().least_proportions if self.floors is None else self.floors

    @property
    def state(self) -> dict[str, Any]:
        """See :attr:`Fit.state`."""
        return {
            "axes": list(self.axes),
            "floors": None if self.floors is None else self.floors.tolist(),
            "theta": self.theta.tolist(),
            "converged": self.converged.tolist(),
            "precision": self.precision.tolist(),
            "pull": self.pull.tolist(),
        }

    def statements(self) -> list[str]:
        """What the fit must say of itself, for people."""
        found = []
        if self.floors is not None:
            zeros = (self.runs.own(self.targets) == 0).sum(axis=1)
            found += [
                f"{name}: {count} of {len(self.runs)} own proportions are 0 and count as {floor:.3g},"
                " half the smallest positive one"
                for name, count, floor in zip(self.targets, zeros, self.floors, strict=True)
                if count
            ]
        restless = [name for name, rest in zip(self.targets, self.converged, strict=True) if not rest]
        if restless:
            words = "the fit did not come to rest; take its parameters as a rough guess"
            found.append(f"{', '.join(restless)}: {words}")
        table = self.parameters()
        for name, lost in table[~table["identified"]].groupby("domain", sort=False)["parameter"]:
            found.append(f"{name}: the runs do not identify {', '.join(lost)}")
        return found

    @cached_property
    def uncertainties(self) -> list[Uncertainty]:
        """How sure θ of every target is."""
        x, formula = self.inputs(self.runs), self.formula
        found = []
        for i in range(len(self.targets)):
            one = np.array([i])
            value, gradient = self.law.values(self.theta[one], x.problems(one), formula)
            y = self.runs.loss[:, i]
            weight = self.law.weights(y[None])[0]
            residual, weighted = (value[0] - y) * weight, gradient[0] * weight[:, None]
            known = {"penalty": self.precision[i], "pull": self.pull[i]}
            found.append(uncertainty(weighted, residual, self.runs.run_numbers, huber=self.law.huber, **known))
        return found

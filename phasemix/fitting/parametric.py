"""Laws that are formulas: a law's file gives the formula, the rest is here and in the files it names.

A formula is its parameters, its values with their gradients, and where fits may start. All loss
domains are fitted in one batch, each from many starts (:mod:`phasemix.fitting.multistart`).
"""

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from phasemix.fitting.convex import Expression, Variable
from phasemix.fitting.inputs import Inputs, Scale
from phasemix.fitting.law import InapplicableError, Law, require_mixtures
from phasemix.fitting.multistart import best_of_starts
from phasemix.fitting.parameters import Parameter, from_theta
from phasemix.fitting.parametric_fit import ParametricFit
from phasemix.fitting.runs import AXES, MIX, Runs

NEXT_TO_NOTHING = 1e-4


class Parametric(Law):
    """A law given by a formula for each loss domain.

    Class attributes:
        needs: of ``own`` (the domain's own proportion), ``step`` and ``size``, those without which
            there is no formula.
        uses: of ``step`` and ``size``, those that the formula has terms for where they vary.
        positive_own: whether the formula has no value at an own proportion of zero; such proportions
            then count as half the smallest positive one of the runs, which the notes say.
        huber: the threshold of Huber's loss, in nats, where the law's source uses it.
        shared: names of positive parameters that the domains of a table are likely to share.
    """

    needs: ClassVar[tuple[str, ...]] = ()
    uses: ClassVar[tuple[str, ...]] = ()
    positive_own: ClassVar[bool] = False
    huber: ClassVar[float | None] = None
    shared: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def parameters(self, domains: tuple[str, ...], axes: tuple[str, ...]) -> tuple[Parameter, ...]:
        """The parameters for these mixture domains, where these of ``step`` and ``size`` vary."""

    @abstractmethod
    def evaluate(self, p: np.ndarray, x: Inputs) -> tuple[np.ndarray, np.ndarray]:
        """Values (b, n) and their gradients (b, n, p) at parameters of shape (b, p)."""

    @abstractmethod
    def starts(self, x: Inputs, y: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Parameters to start from, shape (b, starts, p), for losses (b, n) and uniform numbers (starts, 4)."""

    @abstractmethod
    def expression(self, p: np.ndarray, r: Variable, own: Expression | None, scale: Scale) -> Expression:
        """The formula of one domain for CVXPY, parameters (p,), to be minimised over the mixture r.

        Where it follows CVXPY's rules of convex programming, the law is convex in the mixture.
        """

    def in_own_units(self, p: np.ndarray, reference: dict[str, float]) -> np.ndarray:  # noqa: ARG002
        """Parameters (b, p) for an axis in its own units, given those for the axis divided by its reference.

        Fits run on axes divided by their geometric means, which keeps them well conditioned.
        """
        return p

    def prior(self, parameters: tuple[Parameter, ...]) -> np.ndarray | None:  # noqa: ARG002 - most have none
        """The precision of a Gaussian prior on the fitted numbers θ, shape (p, p).

        It weighs as much as the noise that a fit without it leaves: without noise it says nothing.
        """
        return None

    def weights(self, y: np.ndarray) -> np.ndarray:
        """Weights of the residuals, the shape of the losses."""
        return np.ones_like(y)

    def values(self, theta: np.ndarray, x: Inputs, parameters: tuple[Parameter, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Values and gradients by the fitted numbers θ, in which positive parameters are logarithms."""
        natural = from_theta(theta, parameters)
        value, gradient = self.evaluate(natural, x)
        chain = np.where([p.log for p in parameters], natural, 1.0)
        gradient *= chain[:, None, :]
        return value, gradient

    def inputs(self, runs: Runs, targets: tuple[str, ...], axes: tuple[str, ...], floors: np.ndarray | None) -> Inputs:
        """What the formula of every target takes of runs; own proportions below the floors count as these."""
        own = runs.own(targets) if "own" in self.needs else None
        if own is not None and floors is not None:
            own = np.maximum(own, floors[:, None])
        mixture = np.asfortranarray(runs.mixture)  # one layout in memory, or the last bits differ from table to table
        return Inputs(mixture, own, *(getattr(runs, axis) if axis in axes else None for axis in AXES))

    def check(self, runs: Runs) -> None:
        """See :meth:`Law.check`."""
        self._targets(runs)
        axes = self._axes(runs)
        for axis in AXES:
            if axis in self.needs and axis not in axes:
                raise InapplicableError(self.name, f"needs a column {axis} with more than one value")
        require_mixtures(self, runs)
        count = len(self.parameters(runs.domains, axes))
        if len(runs) <= count:
            problem = f"has {count} parameters a domain and needs more rows than that; there are {len(runs)}"
            raise InapplicableError(self.name, problem)

    def fit(self, runs: Runs, seed: int = 0) -> ParametricFit:
        """Fit every loss domain; see :meth:`Law.fit`."""
        self.check(runs)
        targets, skipped = self._targets(runs)
        runs = runs.of_targets(targets)
        axes = self._axes(runs)
        parameters = self.parameters(runs.domains, axes)
        floors = self._floors(runs)
        x = self.inputs(runs, targets, axes, floors)
        best = best_of_starts(self, x, runs.loss.T, runs=runs.run_numbers, parameters=parameters, seed=seed)
        numbers = (best.theta, best.converged, best.precision, best.pull)
        fit = ParametricFit(self, runs, axes, skipped, [], floors, *numbers)
        fit.notes.extend(fit.statements())
        return fit

    def restore(self, runs: Runs, state: dict[str, Any], skipped: dict[str, str], notes: list[str]) -> ParametricFit:
        """See :meth:`Law.restore`."""
        floors = None if state["floors"] is None else np.array(state["floors"])
        axes, each = tuple(state["axes"]), len(runs.targets)
        count = len(self.parameters(runs.domains, axes))
        shapes = {
            "theta": (each, count),
            "converged": (each,),
            "precision": (each, count, count),
            "pull": (each, count),
        }
        numbers = {name: np.array(state[name]).reshape(shape) for name, shape in shapes.items()}
        return ParametricFit(self, runs, axes, skipped, notes, floors, **numbers)

    def _axes(self, runs: Runs) -> tuple[str, ...]:
        """Of the axes that vary in runs, those that the law knows."""
        return tuple(axis for axis in runs.varying_axes if axis in self.uses)

    def _targets(self, runs: Runs) -> tuple[tuple[str, ...], dict[str, str]]:
        """The loss domains that the law can be fitted on, and the others with the reason."""
        if "own" not in self.needs:
            return runs.targets, {}
        lost = {name: f"needs its own proportion, {MIX}{name}" for name in runs.targets if name not in runs.domains}
        kept = tuple(name for name in runs.targets if name not in lost)
        if not kept:
            raise InapplicableError(self.name, "needs the domains' own proportions; no loss domain has a mix column")
        for name in kept:
            if len(np.unique(runs.mixture[:, runs.domains.index(name)])) == 1:
                lost[name] = "its own proportion never varies"
        kept = tuple(name for name in kept if name not in lost)
        if not kept:
            require_mixtures(self, runs)
            raise InapplicableError(self.name, "needs own proportions that vary; none does")
        return kept, lost

    def _floors(self, runs: Runs) -> np.ndarray | None:
        """What own proportions of zero count as, shape (targets,).

        That is half of the smallest positive one where zeros are fitted, and next to nothing where none is.
        """
        if not self.positive_own:
            return None
        own = runs.own(runs.targets)
        half = 0.5 * np.where(own > 0, own, np.inf).min(axis=1)
        return np.where((own == 0).any(axis=1), half, np.minimum(half, NEXT_TO_NOTHING))

"""Laws of the mixture alone, on runs at several steps or sizes.

As Data Mixing Laws nests them (arXiv 2403.16952, sec. 4): the law is fitted at every (size, step)
with enough runs. At another step of a fitted size, a step law B/s^β + C is laid through what the
fits predict for the mixture in question; at another size, a size law of the same form.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from phasemix.fitting.convex import Expression, Variable
from phasemix.fitting.law import CONFIDENCE, Fit, InapplicableError, Law, LawError
from phasemix.fitting.parametric import Parametric
from phasemix.fitting.runs import Runs
from phasemix.fitting.step_curve import fit_step_curves, step_curve

LEAST_POINTS = 3  # of a step or size law


class Nested(Law):
    """A law of the mixture alone, of which tables with several sizes or steps may be asked."""

    def __init__(self, law: Parametric) -> None:
        self.inner = law
        self.equation, self.source = law.equation, law.source

    @property
    def name(self) -> str:
        """See :attr:`Law.name`."""
        return self.inner.name

    def fit(self, runs: Runs, seed: int = 0) -> Fit:
        """Fit at every (size, step); see :meth:`Law.fit`."""
        scales = np.unique(runs.scales, axis=0)
        if len(scales) == 1:
            return self.inner.fit(runs, seed)
        fits, lost, problem = [], [], None
        for scale in scales:
            try:
                fits.append((scale, self._at(runs, scale, seed)))
            except LawError as error:
                lost.append(scale)
                problem = problem or error
        if problem is not None and not fits:
            raise problem
        targets = tuple(name for name in runs.targets if all(name in fit.targets for _, fit in fits))
        skipped = {name: f"{reason} ({_where(scale)})" for scale, fit in fits for name, reason in fit.skipped.items()}
        if not targets:
            raise LawError(f"{self.name}: no loss domain can be fitted at every size and step")
        runs = runs.of_targets(targets)
        fits = [(scale, fit if fit.targets == targets else self._at(runs, scale, seed)) for scale, fit in fits]
        notes = [f"fitted at each of {len(fits)} scales (sizes, steps); at others by size and step laws"]
        notes += [f"too few runs at {len(lost)} of {len(scales)} sizes and steps: {problem}"] if lost else []
        notes += [f"at {_where(scale)}: {note}" for scale, fit in fits for note in fit.notes]
        return NestedFit(
            self, runs, runs.varying_axes, skipped, notes, [scale for scale, _ in fits], [fit for _, fit in fits]
        )

    def _at(self, runs: Runs, scale: np.ndarray, seed: int) -> Fit:
        return self.inner.fit(_without_scale(runs.rows((runs.scales == scale).all(axis=1))), seed)

    def restore(self, runs: Runs, state: dict[str, Any], skipped: dict[str, str], notes: list[str]) -> Fit:
        """See :meth:`Law.restore`."""
        if "fits" not in state:
            return self.inner.restore(runs, state, skipped, notes)
        scales = [np.array(scale) for scale in state["scales"]]
        fits: list[Fit] = [
            self.inner.restore(_without_scale(runs.rows((runs.scales == scale).all(axis=1))), one, {}, [])
            for scale, one in zip(scales, state["fits"], strict=True)
        ]
        return NestedFit(self, runs, runs.varying_axes, skipped, notes, scales, fits)


@dataclass
class NestedFit(Fit):
    """A law fitted at every scale: ``scales`` are (size, step), 0 where the table has no such column."""

    scales: list[np.ndarray]
    fits: list[Fit]

    def predict(self, runs: Runs) -> np.ndarray:
        """See :meth:`Fit.predict`."""
        found = np.empty((len(runs), len(self.targets)))
        at = self._scales_of(runs)
        for scale in np.unique(at, axis=0):
            rows = (at == scale).all(axis=1)
            found[rows] = self._at(scale, _without_scale(runs.rows(rows)))
        return found

    def _scales_of(self, runs: Runs) -> np.ndarray:
        """Size and step of rows, shape (rows, 2), those that never varied taken from the fitted runs."""
        found = np.repeat(self.runs.scales[:1], len(runs), axis=0)
        for axis, column in (("size", 0), ("step", 1)):
            if axis in self.axes:
                if getattr(runs, axis) is None:
                    problem = f"was fitted at several {axis}s; the table needs a column {axis}"
                    raise InapplicableError(self.law.name, problem)
                found[:, column] = getattr(runs, axis)
        return found

    def interval(self, runs: Runs, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Fit.interval`; not a number beyond the fitted sizes and steps."""
        low, high = np.full((2, len(runs), len(self.targets)), np.nan)
        at = self._scales_of(runs)
        for scale, fit in zip(self.scales, self.fits, strict=True):
            rows = (at == scale).all(axis=1)
            if rows.any():
                ends = fit.interval(_without_scale(runs.rows(rows)), confidence)
                low[rows], high[rows] = ends
        return low, high

    def parameters(self, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """See :meth:`Fit.parameters`."""
        tables = []
        for (size, step), fit in zip(self.scales, self.fits, strict=True):
            table = fit.parameters(confidence)
            tables.append(table.assign(size=size or None, step=step or None))
        return pd.concat(tables, ignore_index=True)

    def parameter_counts(self) -> np.ndarray:
        """Of the fits at all scales together."""
        return np.sum([fit.parameter_counts() for fit in self.fits], axis=0)

    def expression(self, target: str, r: Variable, step: float | None, size: float | None) -> Expression | None:
        """See :meth:`Fit.expression`; None between and beyond the fitted sizes and steps."""
        fit = self.at(size or 0, step or 0)
        return None if fit is None else fit.expression(target, r, step, size)

    @property
    def least_proportions(self) -> np.ndarray:
        """See :attr:`Fit.least_proportions`; the greatest of all scales."""
        return np.max([fit.least_proportions for fit in self.fits], axis=0)

    @property
    def state(self) -> dict[str, Any]:
        """See :attr:`Fit.state`."""
        return {"scales": [scale.tolist() for scale in self.scales], "fits": [fit.state for fit in self.fits]}

    def at(self, size: float, step: float) -> Fit | None:
        """The fit at a scale, None if there is none."""
        found = (fit for scale, fit in zip(self.scales, self.fits, strict=True) if tuple(scale) == (size, step))
        return next(found, None)

    def _at(self, scale: np.ndarray, runs: Runs) -> np.ndarray:
        fit = self.at(*scale)
        if fit is not None:
            return fit.predict(runs)
        size, step = scale
        known = np.array(self.scales)
        steps = np.unique(known[known[:, 0] == size, 1])
        if len(steps):
            return self._laid("step", steps, np.stack([self._at(np.array([size, s]), runs) for s in steps]), step)
        sizes = np.unique(known[:, 0])
        if len(sizes) < LEAST_POINTS:
            raise LawError(f"{self.law.name} was fitted at {len(sizes)} sizes; for another it needs {LEAST_POINTS}")
        return self._laid("size", sizes, np.stack([self._at(np.array([n, step]), runs) for n in sizes]), size)

    def _laid(self, axis: str, known: np.ndarray, values: np.ndarray, at: float) -> np.ndarray:
        """A step or size law through values (points, rows, targets), at another point; shape (rows, targets)."""
        if len(known) < LEAST_POINTS:
            raise LawError(f"{self.law.name} was fitted at {len(known)} {axis}s; for another it needs {LEAST_POINTS}")
        loss = values.reshape(len(known), -1).T
        points = np.broadcast_to(known, loss.shape)
        theta, _ = fit_step_curves(points, loss, np.ones_like(loss))
        return step_curve(theta, np.full((len(theta), 1), at))[0].reshape(values.shape[1:])


def _without_scale(runs: Runs) -> Runs:
    return Runs(runs.run, runs.domains, runs.mixture, runs.targets, runs.loss)


def _where(scale: np.ndarray) -> str:
    return " and ".join(f"{axis} {value:g}" for axis, value in zip(("size", "step"), scale, strict=True) if value)

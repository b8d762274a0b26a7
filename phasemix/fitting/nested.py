"""Laws that know nothing of steps or sizes, on runs at several of them.

The law is fitted at every step and size with enough runs. At others it is fitted to what step laws and size laws of the
runs say, as Data Mixing Laws nests them (arXiv 2403.16952, section 4; :mod:`phasemix.fitting.extrapolated`). Where no
mixture was trained at enough sizes for a size law, one is laid through what the fits at all sizes predict instead.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from phasemix.fitting.convex import Expression, Variable
from phasemix.fitting.extrapolated import LEAST_POINTS, at_size, at_step
from phasemix.fitting.law import CONFIDENCE, Fit, InapplicableError, Law, LawError
from phasemix.fitting.parametric import Parametric
from phasemix.fitting.runs import Runs
from phasemix.fitting.size_curve import fit_size_curves
from phasemix.fitting.step_curve import step_curve

BOTH = ("size", "step")


class Nested(Law):
    """A law that may be asked of tables with several sizes or steps.

    Args:
        law: which knows nothing of ``axes``.
        axes: ``size``, or ``size`` and ``step``.
    """

    def __init__(self, law: Parametric, axes: tuple[str, ...] = BOTH) -> None:
        self.inner, self.axes = law, axes
        self.equation, self.source = law.equation, law.source

    @property
    def name(self) -> str:
        """See :attr:`Law.name`."""
        return self.inner.name

    def check(self, runs: Runs) -> None:
        """See :meth:`Law.check`; the runs of one size and step must be enough."""
        problems = []
        for scale in np.unique(self.scales(runs), axis=0):
            try:
                return self.inner.check(self._rows(runs, scale))
            except InapplicableError as error:
                problems.append(error)
        raise problems[0]

    def fit(self, runs: Runs, seed: int = 0) -> Fit:
        """Fit at every size and step; see :meth:`Law.fit`."""
        scales = np.unique(self.scales(runs), axis=0)
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
        words = " and ".join(f"{axis}s" for axis in self.axes)
        notes = [f"fitted at each of {len(fits)} {words}; at others by {' and '.join(self.axes)} laws"]
        notes += [f"too few runs at {len(lost)} of {len(scales)} {words}: {problem}"] if lost else []
        notes += _by_scale([(scale, note) for scale, fit in fits for note in fit.notes])
        return NestedFit(
            self, runs, runs.varying_axes, skipped, notes, [scale for scale, _ in fits], [fit for _, fit in fits], seed
        )

    def scales(self, runs: Runs) -> np.ndarray:
        """Size and step of every row, shape (n, 2), 0 where they are no matter of nesting."""
        return np.where([axis in self.axes for axis in BOTH], runs.scales, 0)

    def without_scale(self, runs: Runs) -> Runs:
        """The runs without the axes that the law does not know."""
        step = None if "step" in self.axes else runs.step
        return replace(runs, size=None, step=step, facts=None, recall=None)

    def _at(self, runs: Runs, scale: np.ndarray, seed: int) -> Fit:
        return self.inner.fit(self._rows(runs, scale), seed)

    def _rows(self, runs: Runs, scale: np.ndarray) -> Runs:
        """The runs of a size and step, without these."""
        return self.without_scale(runs.rows((self.scales(runs) == scale).all(axis=1)))

    def restore(self, runs: Runs, state: dict[str, Any], skipped: dict[str, str], notes: list[str]) -> Fit:
        """See :meth:`Law.restore`."""
        if "fits" not in state:
            return self.inner.restore(runs, state, skipped, notes)
        scales = [np.array(scale) for scale in state["scales"]]
        fits: list[Fit] = [
            self.inner.restore(self.without_scale(runs.rows((self.scales(runs) == scale).all(axis=1))), one, {}, [])
            for scale, one in zip(scales, state["fits"], strict=True)
        ]
        return NestedFit(self, runs, runs.varying_axes, skipped, notes, scales, fits, state["seed"])


@dataclass
class NestedFit(Fit):
    """A law fitted at every scale.

    Attributes:
        scales: (size, step), 0 where the law knows them, or the table has no such column.
        fits: at these.
        seed: of fits at other scales, which are made when they are asked for.
    """

    law: Nested
    scales: list[np.ndarray]
    fits: list[Fit]
    seed: int
    _others: dict[tuple[float, float], Fit | None] = field(default_factory=dict, repr=False)

    def predict(self, runs: Runs) -> np.ndarray:
        """See :meth:`Fit.predict`."""
        found = np.empty((len(runs), len(self.targets)))
        at = self._scales_of(runs)
        for scale in np.unique(at, axis=0):
            rows = (at == scale).all(axis=1)
            found[rows] = self._at(scale, runs.rows(rows))
        return found

    def _scales_of(self, runs: Runs) -> np.ndarray:
        """Size and step of rows, shape (rows, 2), those that never varied taken from the fitted runs."""
        found = np.repeat(self.law.scales(self.runs)[:1], len(runs), axis=0)
        for column, axis in enumerate(BOTH):
            if axis in self.axes and axis in self.law.axes:
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
                ends = fit.interval(self.law.without_scale(runs.rows(rows)), confidence)
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
        """See :meth:`Fit.expression`; None where a size law is laid through predictions."""
        asked = np.where([axis in self.axes and axis in self.law.axes for axis in BOTH], [size or 0, step or 0], 0)
        own = self.law.scales(self.runs)[0]
        fit = self.at(*np.where(asked > 0, asked, own))
        return None if fit is None else fit.expression(target, r, step, size)

    @property
    def least_proportions(self) -> np.ndarray:
        """See :attr:`Fit.least_proportions`; the greatest of all scales."""
        return np.max([fit.least_proportions for fit in self.fits], axis=0)

    @property
    def state(self) -> dict[str, Any]:
        """See :attr:`Fit.state`."""
        fits = [fit.state for fit in self.fits]
        return {"scales": [scale.tolist() for scale in self.scales], "fits": fits, "seed": self.seed}

    def at(self, size: float, step: float) -> Fit | None:
        """The fit at a scale: of the runs there, or of what their laws say; None if no mixture has a size law.

        Raises:
            LawError: neither can be had.
        """
        for scale, fit in zip(self.scales, self.fits, strict=True):
            if tuple(scale) == (size, step):
                return fit
        if (size, step) not in self._others:
            runs = self._extrapolated(size, step)
            other = None if runs is None else self.law.inner.fit(self.law.without_scale(runs), self.seed)
            self._others[size, step] = other
        return self._others[size, step]

    def _extrapolated(self, size: float, step: float) -> Runs | None:
        """The runs at another scale, by their step and size laws; None if no mixture has a size law."""
        runs, name = self.runs, self.law.name
        known = runs.size is None or size == 0 or (runs.size == size).any()
        if known and runs.size is not None and size:
            runs = runs.rows(runs.size == size)
        if step and runs.step is not None:
            runs = at_step(runs, step, name)
        return runs if known else at_size(runs, size)

    def _at(self, scale: np.ndarray, runs: Runs) -> np.ndarray:
        """Predictions at one scale, shape (rows, targets)."""
        fit = self.at(*scale)
        if fit is not None:
            return fit.predict(self.law.without_scale(runs))
        size, step = scale
        sizes = np.unique(np.array(self.scales)[:, 0])
        if len(sizes) < LEAST_POINTS:
            raise LawError(f"{self.law.name} was fitted at {len(sizes)} sizes; for another it needs {LEAST_POINTS}")
        values = np.stack([self._at(np.array([known, step]), runs) for known in sizes])
        found = np.empty((len(runs), len(self.targets)))
        for target in range(len(self.targets)):
            loss = values[..., target].T
            theta = fit_size_curves(np.broadcast_to(sizes, loss.shape), loss, np.ones_like(loss))
            found[:, target] = step_curve(theta, np.full((len(theta), 1), size))[0][:, 0]
        return found


def _by_scale(told: list[tuple[np.ndarray, str]]) -> list[str]:
    """Every note once, and where it was made: at a size and step, or at so many."""
    where: dict[str, list[np.ndarray]] = {}
    for scale, note in told:
        where.setdefault(note, []).append(scale)
    return [
        f"at {_where(scales[0])}{f' and {len(scales) - 1} others' if len(scales) > 1 else ''}: {note}"
        for note, scales in where.items()
    ]


def _where(scale: np.ndarray) -> str:
    return " and ".join(f"{axis} {value:g}" for axis, value in zip(("size", "step"), scale, strict=True) if value)

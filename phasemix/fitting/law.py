"""The face that every mixing law has: an equation with its source, a fit, predictions, intervals."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.fitting.convex import Expression, Variable
from phasemix.fitting.runs import Runs

CONFIDENCE = 0.95


class LawError(PhasemixError):
    """A law that cannot be fitted on these runs, or cannot predict at those."""


class InapplicableError(LawError):
    """A law that is not for these runs at all; the reason follows the law's name."""

    def __init__(self, law: str, reason: str) -> None:
        super().__init__(f"{law} {reason}")
        self.reason = reason


class Law(ABC):
    """A mixing law: the loss of a domain as a function of mixture, steps and size.

    Attributes:
        equation: the loss of a domain, on one line.
        source: who published it.
    """

    equation: str
    source: str

    @property
    def name(self) -> str:
        """The name of the law's file, with ``-`` for ``_``."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")

    @abstractmethod
    def check(self, runs: Runs) -> None:
        """Refuse runs that are not enough for the law, whatever their losses are.

        Raises:
            InapplicableError: they are too few, too much alike, or lack a column.
        """

    @abstractmethod
    def fit(self, runs: Runs, seed: int = 0) -> "Fit":
        """Fit the law on all loss domains it can be fitted on.

        Raises:
            LawError: not on these runs, see :meth:`check`; the message says why.
        """

    @abstractmethod
    def restore(self, runs: Runs, state: dict[str, Any], skipped: dict[str, str], notes: list[str]) -> "Fit":
        """The fit that :attr:`Fit.state` describes."""


@dataclass
class Fit(ABC):
    """A fitted law.

    Attributes:
        law: the law.
        runs: the runs it was fitted on, of the fitted loss domains only.
        axes: of ``step`` and ``size``, those that predictions depend on.
        skipped: loss domains it was not fitted on, and why.
        notes: what a reader must know: parameters that the runs do not identify, proportions of
            zero, fits that did not come to rest, scales left out.

    Class attributes:
        of_any_mixture: whether it predicts mixtures that it was not fitted on.
        has_slopes: whether its predictions change smoothly with the mixture.
    """

    of_any_mixture: ClassVar[bool] = True
    has_slopes: ClassVar[bool] = True

    law: Law
    runs: Runs
    axes: tuple[str, ...]
    skipped: dict[str, str]
    notes: list[str]

    @property
    def targets(self) -> tuple[str, ...]:
        """The loss domains that the law predicts."""
        return self.runs.targets

    @abstractmethod
    def predict(self, runs: Runs) -> np.ndarray:
        """Predicted losses, shape (rows, targets); the columns of ``runs.loss`` are not looked at.

        Raises:
            LawError: the law says nothing about some row, such as a step it has no notion of.
        """

    def recall(self, runs: Runs) -> dict[str, np.ndarray]:
        """Predicted recall accuracies by domain of facts, shape (rows,) each; none by laws that know no facts."""
        del runs
        return {}

    @abstractmethod
    def interval(self, runs: Runs, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
        """Confidence intervals of the predicted mean losses: low and high, shapes (rows, targets)."""

    @abstractmethod
    def parameters(self, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """All parameters, one row each; columns as of :func:`parameter_table`."""

    @abstractmethod
    def parameter_counts(self) -> np.ndarray:
        """Fitted numbers of each target, shape (targets,)."""

    @property
    @abstractmethod
    def state(self) -> dict[str, Any]:
        """What :meth:`Law.restore` needs beside the runs, as JSON."""

    def expression(self, target: str, r: Variable, step: float | None, size: float | None) -> Expression | None:
        """The predicted loss of a target for CVXPY at a mixture r, step and size; None if it is no formula."""
        del target, r, step, size  # by default it is none
        return None

    @property
    def least_proportions(self) -> np.ndarray:
        """Each target's own proportion below which its predictions stay the same, shape (targets,)."""
        return np.zeros(len(self.targets))


def require_mixtures(law: Law, runs: Runs, least: int = 2) -> None:
    """Refuse runs with fewer than ``least`` distinct mixtures.

    Raises:
        InapplicableError: there are fewer.
    """
    count = len(np.unique(runs.mixture_numbers))
    if count < least:
        mixtures = "one single mixture" if count == 1 else f"{count} mixtures"
        raise InapplicableError(law.name, f"needs at least {least} different mixtures; the runs have {mixtures}")


def require_axes(law: Law, runs: Runs, axes: tuple[str, ...]) -> None:
    """Refuse a table without the columns that a law was fitted with.

    Raises:
        InapplicableError: one is not there.
    """
    for axis in axes:
        if getattr(runs, axis) is None:
            raise InapplicableError(law.name, f"was fitted with a {axis}; the table needs a column {axis}")


def parameter_table(**columns: Any) -> pd.DataFrame:
    """A table of parameters.

    Columns ``domain``, ``run``, ``size``, ``step`` (None where it is one for all, and if they are not given),
    ``parameter``, ``value``, ``low``, ``high``, ``identified``.
    """
    anywhere = dict.fromkeys(("domain", "run", "size", "step"))
    return pd.DataFrame(anywhere | columns)

"""The face that every mixing law has: a name, an equation with its source, a fit, predictions, intervals."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
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
    def fit(self, runs: Runs, seed: int = 0) -> "Fit":
        """Fit the law on all loss domains it can be fitted on.

        Raises:
            LawError: not on these runs; the message says why.
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
        skipped: loss domains it was not fitted on, and why.
        notes: what a reader must know: parameters that the runs do not identify, proportions of
            zero, fits that did not come to rest, scales left out.
    """

    law: Law
    runs: Runs
    skipped: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def targets(self) -> tuple[str, ...]:
        """The loss domains that the law predicts."""
        return self.runs.targets

    @property
    @abstractmethod
    def axes(self) -> tuple[str, ...]:
        """Of ``step`` and ``size``, those that predictions depend on."""

    @abstractmethod
    def predict(self, runs: Runs) -> np.ndarray:
        """Predicted losses, shape (rows, targets); the columns of ``runs.loss`` are not looked at.

        Raises:
            LawError: the law says nothing about some row, such as a step it has no notion of.
        """

    @abstractmethod
    def interval(self, runs: Runs, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
        """Confidence intervals of the predicted mean losses: low and high, shapes (rows, targets)."""

    @abstractmethod
    def parameters(self, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """All parameters, a row each.

        Columns ``domain``, ``run``, ``size``, ``step`` (None where it is one for all), ``parameter``,
        ``value``, ``low``, ``high``, ``identified``.
        """

    @abstractmethod
    def parameter_counts(self) -> np.ndarray:
        """Fitted numbers of each target, shape (targets,)."""

    @property
    @abstractmethod
    def state(self) -> dict[str, Any]:
        """What :meth:`Law.restore` needs beside the runs, as JSON."""


def require_mixtures(law: Law, runs: Runs, least: int = 2) -> None:
    """Refuse runs with fewer than ``least`` distinct mixtures.

    Raises:
        InapplicableError: there are fewer.
    """
    count = len(np.unique(runs.mixtures))
    if count < least:
        mixtures = "one single mixture" if count == 1 else f"{count} mixtures"
        raise InapplicableError(law.name, f"needs at least {least} different mixtures; the runs have {mixtures}")

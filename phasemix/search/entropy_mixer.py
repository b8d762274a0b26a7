"""What the mixers by entropies share."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from phasemix.domains.proxy_mixture import exp_normalised
from phasemix.search.mixer import Choice, Mixer
from phasemix.search.problem import Problem

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs


class EntropyMixer(Mixer):
    """Proportions exp(H_i) / Σ_j exp(H_j) of an entropy of every domain, in nats.

    Attributes:
        measure: class attribute; the name of the entropy.
    """

    measure: ClassVar[str]
    costs = "a pass over a sample of every domain"
    assumes = "that what is more diverse is worth more"
    source = "BiMix, arXiv 2405.14908, tables 4 and 5"

    @property
    def needs(self) -> str:  # type: ignore[override]  # a sentence of its own for every entropy
        """The entropy by its name."""
        return f"the {self.measure} entropy of every domain"

    def choose(self, problem: Problem, runs: Runs | None) -> Choice:  # noqa: ARG002 (others need it)
        """See :func:`phasemix.domains.proxy_mixture.exp_normalised`."""
        entropies = problem.domains.measured(self.measure, self.name)
        found = exp_normalised(dict(zip(problem.domains.names, entropies.tolist(), strict=True)))
        return Choice.constant(np.array(list(found.values())))

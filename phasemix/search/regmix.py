"""What both of RegMix's mixers share: a regression, and the mean of the best of many sampled mixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from phasemix.search.law_mixer import LawMixer
from phasemix.search.problem import Problem

if TYPE_CHECKING:
    from phasemix.fitting.law import Fit
    from phasemix.fitting.objective import Objective


DRAWS, ROUNDING = 100_000, 1e-9


class RegMix(LawMixer):
    """Averages the best 128 of 100,000 mixtures drawn about the mean of the runs', as RegMix does, within caps.

    RegMix draws them as it drew its runs', so none has more of a domain than some run has.
    """

    def best(self, problem: Problem, fit: Fit, objective: Objective) -> tuple[np.ndarray, str]:  # noqa: ARG002
        """See :meth:`LawMixer.best`."""
        from phasemix.fitting.optimum_search import AVERAGED, sampled_mixtures  # noqa: PLC0415 (configurations load it)

        samples = sampled_mixtures(objective, problem.seed, DRAWS)
        samples = samples[(samples <= objective.fit.runs.mixture.max(axis=0) + ROUNDING).all(axis=1)]
        order = np.argsort(objective(samples))
        return samples[order[:AVERAGED]].mean(axis=0), f"the mean of the best {AVERAGED} of {len(samples)} mixtures"

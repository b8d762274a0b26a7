"""What the learner of bounded capacity and the law cliff expect of strategies, from experiments that had none.

The learner has the constants that the experiment of kind theory found. With a subsampling ρ it is shown ρN people,
each 1/ρ times as often; with τ times as many tokens of tuples as of biographies, each person in fewer tokens
(:mod:`phasemix.theory.compact_mixing`).
The law is fitted to the runs of the experiment of kind cliff, and asked about ρN people; whom it is not shown it knows
as little of as a guesser.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from scipy.optimize import minimize_scalar

from phasemix.base.files import read_json
from phasemix.experiments.cliff.cells import PEOPLE, WEB
from phasemix.fitting.law import Fit
from phasemix.fitting.runs import Runs
from phasemix.fitting.runs_table import read_runs
from phasemix.laws import load_law
from phasemix.theory.compact_mixing import tokens_per_exposure
from phasemix.theory.facts import equal_facts
from phasemix.theory.sized_learner import SizedLearner
from phasemix.theory.subsampling import best_fraction, share_known

SMALLEST = 0.01  # of the subsamplings among which the law's best is searched
GRID = 100  # of them, to begin with
FLAT = 1e-6  # of accuracy, below which no subsampling is better than another


@dataclass(frozen=True)
class Place:
    """A cell without its strategy: ``parameters`` of the model, mixing ``ratio``, number of ``people``, ``tokens``."""

    parameters: float
    ratio: float
    people: int
    tokens: float


@dataclass(frozen=True)
class Expected:
    """What is expected of strategies.

    Attributes:
        learner: of bounded capacity; None where no experiment gives its constants.
        law: the law cliff, fitted; None where no experiment gives its runs.
        entropy: of what is told of a person, in bits.
    """

    learner: SizedLearner | None
    law: Fit | None
    entropy: float

    @classmethod
    def read(cls, options: Mapping[str, Any], entropy: float) -> Self:
        """From the tables of the experiments that the options name."""
        theory, law = (options.get("reads", {}).get(options[name]) for name in ("theory", "law"))
        return cls(
            learner=_learner(read_json(Path(theory) / "theory.json")) if theory else None,
            law=load_law("cliff").fit(read_runs(Path(law) / "runs.csv"), options["seed"]) if law else None,
            entropy=entropy,
        )

    def known(self, at: Place, subsampling: float, compact: float, tuple_tokens: float) -> float | None:
        """The share of all bits that the learner knows; None without one. A τ above 0 needs a tuple's tokens."""
        if self.learner is None:
            return None
        tokens = tokens_per_exposure(self.learner.tokens, compact, tuple_tokens) if compact else self.learner.tokens
        learner, facts = self.learner, equal_facts(at.people, self.entropy, tokens)
        return share_known(facts, learner.broad, at.ratio, learner.bits * at.parameters, subsampling)

    def accuracy(self, at: Place, subsampling: float) -> float | None:
        """Recall accuracy over all people by the law; None without one."""
        if self.law is None:
            return None
        shown, nobody = (self._recall(place, subsampling) for place in (at, replace(at, ratio=0.0)))
        return subsampling * shown + (1 - subsampling) * nobody

    def best(self, at: Place) -> dict[str, dict[str, float] | None]:
        """Of ``theory`` and ``cliff``, the ``subsampling`` that is best, and ``known`` or ``accuracy`` there.

        None where nothing says, or none is better than others.
        """
        found: dict[str, dict[str, float] | None] = {"theory": None, "cliff": None}
        if self.learner is not None:
            learner, facts = self.learner, equal_facts(at.people, self.entropy, self.learner.tokens)
            fraction = best_fraction(facts, learner.broad, at.ratio, learner.bits * at.parameters)
            found["theory"] = {"subsampling": fraction, "known": fraction}
        if self.law is not None:
            top = highest(lambda one: float(self.accuracy(at, one) or 0))
            if top is not None:
                found["cliff"] = {"subsampling": top, "accuracy": float(self.accuracy(at, top) or 0)}
        return found

    def _recall(self, at: Place, subsampling: float) -> float:
        """Of people who are shown, when so many are."""
        assert self.law is not None
        one = np.ones(1)
        runs = Runs(
            np.array([""], object),
            (PEOPLE, WEB),
            np.array([[at.ratio, 1 - at.ratio]]),
            (),
            np.empty((1, 0)),
            size=at.parameters * one,
            step=at.tokens * one,
            facts=np.array([[subsampling * at.people * self.entropy, 0.0]]),
        )
        return float(self.law.recall(runs)[PEOPLE][0])


def highest(accuracy: Callable[[float], float]) -> float | None:
    """The subsampling at which something is highest: the best of a grid, refined between its neighbours.

    None where it is the same everywhere.
    """
    grid = np.linspace(SMALLEST, 1, GRID)
    found = [accuracy(one) for one in grid]
    if np.ptp(found) < FLAT:
        return None
    at = int(np.argmax(found))
    ends = grid[max(at - 1, 0)], grid[min(at + 1, GRID - 1)]
    refined = minimize_scalar(lambda one: -accuracy(one), bounds=ends, method="bounded")
    return float(max((refined.x, grid[at]), key=accuracy))


def _learner(theory: Mapping[str, Any]) -> SizedLearner:
    web, people = theory["web"], theory["people"]
    law = {name: web[name][0] for name in ("irreducible", "factor", "exponent")}
    return SizedLearner(**law, **people, bits=theory["bits_per_parameter"][0])

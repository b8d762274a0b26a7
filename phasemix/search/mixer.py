"""The face of a mixer: how a mixture is chosen, what that needs, and what it costs to find out.

A mixer asks for small runs round by round, whoever trains them, and chooses when their losses are known
(:meth:`Mixer.choose`). Which runs these are is known beforehand (:meth:`Mixer.rounds`), and their mixtures once those
of the rounds before are measured (:meth:`Mixer.mixtures`). Most ask for none, or for one round. Of one that steers
runs, :attr:`Trial.steering` or :attr:`Choice.steering` says by which controller of :mod:`phasemix.controllers`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.controllers.controller import controller_class, make_controller
from phasemix.search.problem import Problem, Scale

if TYPE_CHECKING:
    from phasemix.fitting.runs import Runs

COLLAPSED = 0.95  # a proportion above which there is hardly a mixture left
NOTHING = 1e-4  # a proportion below which a domain is left out


@dataclass(frozen=True)
class Steer:
    """A controller that steers a run, by its name, and its options.

    Attributes:
        controller: its name.
        options: those of its that are not its defaults.
        reference: the trial whose model it compares with.
        graph: how much training on each domain helps each, by both names.

    Raises:
        TypeError, ValueError: the options do not fit the controller.
    """

    controller: str
    options: Mapping[str, float] = field(default_factory=dict)
    reference: str | None = None
    graph: Mapping[str, Mapping[str, float]] | None = None

    def __post_init__(self) -> None:
        make_controller(self.controller, self.options, self.graph)


@dataclass(frozen=True)
class Trial:
    """A run that a mixer asks for.

    Attributes:
        name: of the run; trials of equal names are one run, whoever asks for it.
        scale: of the run.
        steering: what steers it, if anything does.
    """

    name: str
    scale: Scale
    steering: Steer | None = None


@dataclass(frozen=True)
class Choice:
    """What a mixer has chosen.

    Attributes:
        phases: the share of the run after which each ends, the last 1, and its proportions, shape (k,).
        losses: what it predicts of the target's run, by loss domain; empty if it predicts nothing.
        of_equal: what it predicts of one with equal proportions, as ``losses``: a law of small runs may know how much
            better a mixture is, and not how much better a larger model.
        predicted_at: the scale at which it predicts both, which is the target's as far as the law knows of scales.
        steering: what steers the target's run from the first phase's proportions on, if anything does.
        runs: the names of the runs that it looked at.
        cost: of these runs, in operations.
        notes: for people.
    """

    phases: tuple[tuple[float, np.ndarray], ...]
    losses: Mapping[str, float] = field(default_factory=dict)
    of_equal: Mapping[str, float] = field(default_factory=dict)
    predicted_at: Scale | None = None
    steering: Steer | None = None
    runs: tuple[str, ...] = ()
    cost: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def mean(self) -> np.ndarray:
        """The proportions of the whole run, shape (k,); of a steered one, those that it begins with."""
        ends = np.array([0.0, *(end for end, _ in self.phases)])
        return np.asarray(np.diff(ends) @ np.array([part for _, part in self.phases]))

    @classmethod
    def constant(cls, mixture: np.ndarray, **more: Any) -> Choice:
        """One mixture for the whole run."""
        return cls(((1.0, mixture),), **more)


class Mixer(ABC):
    """Chooses a mixture.

    Attributes:
        needs, costs, assumes: a sentence each for people, without its end.
        source: who published it.
        steers: class attribute; the controller that steers the target's run, if one does.
        phases: class attribute; the shares of the target's run after which its phases end, the last 1.
        any_runs: class attribute; whether it learns from any runs of the small scale, not only from those that it asks
            for, which then are one round.
        influences: class attribute; the trial whose model says how influential documents are. In the rounds after its
            own, and in the target's run, they are drawn inside domains by that
            (:mod:`phasemix.corpora.document_influences`); None: at random.
    """

    needs: str
    costs: str
    assumes: str
    source: str
    steers: ClassVar[str | None] = None
    phases: ClassVar[tuple[float, ...]] = (1.0,)
    any_runs: ClassVar[bool] = False
    influences: ClassVar[str | None] = None

    @classmethod
    def defaults(cls) -> dict[str, float]:
        """Its options, which are its controller's where it passes them on, and their defaults."""
        found = signature(cls).parameters
        if cls.steers and any(one.kind is Parameter.VAR_KEYWORD for one in found.values()):
            found = signature(controller_class(cls.steers)).parameters
        return {name: one.default for name, one in found.items() if isinstance(one.default, float | int)}

    @property
    def name(self) -> str:
        """The name of the mixer's file, with ``-`` for ``_``."""
        return type(self).__module__.rpartition(".")[2].replace("_", "-")

    def rounds(self, problem: Problem) -> list[list[Trial]]:  # noqa: ARG002 (others need it)
        """The runs that it asks for, round by round; of the problem's domains, their names alone matter.

        Raises:
            PhasemixError: the search may not cost as much as it needs.
        """
        return []

    def mixtures(self, problem: Problem, number: int, runs: Runs | None) -> np.ndarray:
        """The mixtures of a round's runs, from 0 on, shape (trials, k); steered runs begin with them.

        ``runs`` are those of the rounds before, None in the first.
        """
        raise NotImplementedError(f"{self.name} asks for no runs, and was asked for round {number}")

    def advice(self, problem: Problem) -> list[str]:  # noqa: ARG002 (others need it)
        """What to mind in training the runs that it asks for, a sentence each, without its end."""
        return []

    def cost(self, problem: Problem) -> float:
        """What all its runs cost, in operations."""
        trials = {trial.name: trial for round_ in self.rounds(problem) for trial in round_}
        return sum(trial.scale.cost for trial in trials.values())

    @abstractmethod
    def choose(self, problem: Problem, runs: Runs | None) -> Choice:
        """The mixture, from the runs of all rounds; None where it asked for none.

        Raises:
            PhasemixError: it cannot choose from these runs, or lacks what it needs to know of the domains.
        """


def warnings(problem: Problem, choice: Choice) -> list[str]:
    """What people should know of a chosen mixture: domains that are left out, take all, or are repeated too often."""
    names, mixture = problem.domains.names, choice.mean
    found = []
    if mixture.max() > COLLAPSED:
        much = f"{100 * mixture.max():.3g} % of the mixture"
        found.append(f"{names[int(mixture.argmax())]} has {much}: it has collapsed to one domain")
    if left_out := [name for name, part in zip(names, mixture, strict=True) if part < NOTHING]:
        found.append(f"left out of the mixture: {', '.join(left_out)}")
    if problem.epochs is not None:
        epochs = problem.epochs_of(mixture)
        found += [
            f"{name} is read {times:.3g} times, and {problem.epochs:g} are allowed"
            for name, times in zip(names, epochs, strict=True)
            if times > problem.epochs * (1 + 1e-6)
        ]
    return found


def run_names(runs: Runs | None) -> tuple[str, ...]:
    """The names of runs, each once, in their order."""
    return () if runs is None else tuple(dict.fromkeys(map(str, runs.run)))


def require_runs(mixer: Mixer, runs: Runs | None) -> Runs:
    """The runs, which a mixer needs.

    Raises:
        PhasemixError: there are none.
    """
    if runs is None:
        raise PhasemixError(f"{mixer.name} chooses from small runs, and there are none yet")
    return runs

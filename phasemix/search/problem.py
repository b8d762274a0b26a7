"""What a mixture is searched for: domains, the run that shall read them, and what the search may cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from phasemix.base.errors import PhasemixError


@dataclass(frozen=True)
class Domains:
    """The domains that are mixed.

    Attributes:
        names: of the k domains.
        tokens: of training text that each has, shape (k,); None if nobody has counted.
        measures: what else was measured of them by name, such as ``shannon``, shape (k,) each.
    """

    names: tuple[str, ...]
    tokens: np.ndarray | None = None
    measures: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    def counted(self, mixer: str) -> np.ndarray:
        """The tokens of each domain, shape (k,).

        Raises:
            PhasemixError: nobody has counted them, and ``mixer`` needs that.
        """
        if self.tokens is None:
            raise PhasemixError(f"{mixer} needs the tokens of every domain: give them as a column tokens")
        return self.tokens

    @property
    def equal(self) -> np.ndarray:
        """Equal proportions, shape (k,)."""
        return np.full(len(self), 1 / len(self))

    def natural(self, mixer: str) -> np.ndarray:
        """The domains' own proportions, shape (k,): tokens over their sum.

        Raises:
            PhasemixError: see :meth:`counted`.
        """
        tokens = self.counted(mixer)
        return np.asarray(tokens / tokens.sum())

    @property
    def prior(self) -> np.ndarray:
        """Their own proportions where they are known, and else equal ones, shape (k,)."""
        return self.equal if self.tokens is None else self.natural("a prior")

    def measured(self, name: str, mixer: str) -> np.ndarray:
        """A measure of the domains, shape (k,).

        Raises:
            PhasemixError: it was not measured, and ``mixer`` needs it.
        """
        if name not in self.measures:
            raise PhasemixError(f"{mixer} needs a measure {name} of every domain: give it as a column {name}")
        return self.measures[name]


@dataclass(frozen=True)
class Scale:
    """A scale of runs: parameters of the model, and tokens that it reads."""

    size: float
    tokens: float

    @property
    def cost(self) -> float:
        """What a run costs, in operations: 6·N·D (Kaplan et al., arXiv 2001.08361)."""
        return 6 * self.size * self.tokens


@dataclass(frozen=True)
class Problem:
    """A search for a mixture.

    Attributes:
        domains: what is mixed.
        target: the scale of the run that shall read the mixture.
        proxy: the scale of small runs.
        runs: how many small runs the search may cost.
        epochs: how often the target's run may read any domain, at most; None: as often as it likes.
        weights: of the loss domains in the objective, by name; None: all alike.
        seed: of everything that is drawn.
    """

    domains: Domains
    target: Scale
    proxy: Scale
    runs: int
    epochs: float | None = None
    weights: Mapping[str, float] | None = None
    seed: int = 0

    @property
    def caps(self) -> np.ndarray:
        """The greatest proportion of every domain in the target's run, shape (k,); 1 without a limit of epochs.

        Raises:
            PhasemixError: epochs are limited, and tokens are unknown or do not suffice for the run.
        """
        return np.ones(len(self.domains)) if self.epochs is None else self.caps_of(self.epochs)

    def weights_of(self, targets: Sequence[str]) -> np.ndarray:
        """The weights of loss domains in the objective, shape (targets,), which sum to 1.

        Raises:
            PhasemixError: the weights name no loss domain that was measured.
        """
        given = self.weights or dict.fromkeys(targets, 1.0)
        found = np.array([given.get(target, 0.0) for target in targets])
        if found.sum() <= 0:
            raise PhasemixError(f"no loss domain has a weight: the runs have {', '.join(targets)}")
        return np.asarray(found / found.sum())

    def epochs_of(self, mixture: np.ndarray) -> np.ndarray:
        """How often the target's run reads every domain of a mixture, both of shape (k,).

        Raises:
            PhasemixError: tokens are unknown.
        """
        return np.asarray(mixture * self.target.tokens / self.domains.counted("a limit of epochs"))

    def caps_of(self, epochs: float) -> np.ndarray:
        """The proportions at which the target's run reads every domain so often: epochs · tokens / D, at most 1.

        Raises:
            PhasemixError: tokens are unknown, or do not suffice for the run.
        """
        tokens = self.domains.counted("a limit of epochs")
        found = np.minimum(1, epochs * tokens / self.target.tokens)
        if found.sum() < 1 - 1e-9:
            have = f"{epochs:g} epochs of all domains are {epochs * tokens.sum():,.0f} tokens"
            needs = f"the run reads {self.target.tokens:,.0f}"
            raise PhasemixError(f"{have}, and {needs}: allow more epochs or fewer tokens")
        return np.asarray(found)

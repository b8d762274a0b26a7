"""Where laws of shared capacity are evaluated."""

from dataclasses import dataclass, replace

import numpy as np

from phasemix.fitting.runs import Runs


@dataclass(frozen=True)
class Places:
    """``n`` rows at ``u`` different places; a place is a mixture of ``m`` domains, a size, and so many facts.

    Rows of one run share its place, and how a model of a size divides itself among domains is a matter of the place
    alone, so that it is worked out once for all of a run's steps. (With facts, which are known the better the more
    often they were shown, steps are a part of the place.)

    Attributes:
        mixture: proportions, shape (u, m).
        size: parameters of the model, shape (u,); 1 where sizes have no bearing.
        facts: bits of every domain's facts, shape (u, m), 0 of other domains.
        trained: steps or tokens after which they are asked for, shape (u,); 1 where they have no bearing.
        place: of every row, numbered from 0, shape (n,).
        step: steps or tokens, shape (n,); 1 where they have no bearing.
        own: proportions that count where a domain's own data are meant, shape (n, m).
    """

    mixture: np.ndarray
    size: np.ndarray
    facts: np.ndarray
    trained: np.ndarray
    place: np.ndarray
    step: np.ndarray
    own: np.ndarray

    def rows(self, index: np.ndarray) -> "Places":
        """Some of the rows."""
        kept, place = np.unique(self.place[index], return_inverse=True)
        return Places(
            self.mixture[kept],
            self.size[kept],
            self.facts[kept],
            self.trained[kept],
            place,
            self.step[index],
            self.own[index],
        )

    def in_units(self, size: float, step: float) -> "Places":
        """The same with sizes and steps divided by these."""
        return replace(self, size=self.size / size, step=self.step / step, trained=self.trained / step)


def places(runs: Runs, axes: tuple[str, ...], floors: np.ndarray) -> Places:
    """The places of runs, of whose ``axes`` the others have no bearing; own proportions below floors (m,) are these."""
    ones = np.ones(len(runs))
    size, step = (getattr(runs, axis) if axis in axes else ones for axis in ("size", "step"))
    facts, trained = (np.zeros_like(runs.mixture), ones) if runs.facts is None else (runs.facts, step)
    key, place = np.unique(np.column_stack([runs.mixture, facts, size, trained]), axis=0, return_inverse=True)
    mixture, facts, rest = np.split(key, [len(runs.domains), 2 * len(runs.domains)], axis=1)
    return Places(mixture, rest[:, 0], facts, rest[:, 1], place.ravel(), step, np.maximum(runs.mixture, floors))

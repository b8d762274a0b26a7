"""Training runs as arrays: what every mixing law is fitted on."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError

MIX, LOSS = "mix.", "loss."  # how the names of columns of a table of runs begin
FACTS, RECALL = "facts.", "recall."
AXES = ("step", "size")  # its optional columns
OPTIONAL = (*AXES, "facts", "recall")


@dataclass(frozen=True)
class Runs:
    """Training runs as arrays: ``n`` rows (measurements of runs), ``m`` mixture domains, ``k`` loss domains.

    Attributes:
        run: names, shape (n,).
        domains: the m mixture domains.
        mixture: proportions, shape (n, m), rows sum to 1.
        targets: the k loss domains.
        loss: shape (n, k).
        size: parameters, shape (n,), or None.
        step: steps or tokens, shape (n,), or None.
        facts: bits of the facts that each mixture domain holds, shape (n, m), 0 of domains that are no facts; or None.
        recall: share of questions about each mixture domain's facts that are answered, shape (n, m), not a number where
            nobody asked; or None.
        notes: what reading the table changed or left out, for people.
    """

    run: np.ndarray
    domains: tuple[str, ...]
    mixture: np.ndarray
    targets: tuple[str, ...]
    loss: np.ndarray
    size: np.ndarray | None = None
    step: np.ndarray | None = None
    facts: np.ndarray | None = None
    recall: np.ndarray | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __len__(self) -> int:
        return len(self.run)

    def rows(self, index: np.ndarray) -> "Runs":
        """The rows of an index or mask."""
        found = replace(self, run=self.run[index], mixture=self.mixture[index], loss=self.loss[index])
        return found.with_optional(lambda values: values[index])

    def with_optional(self, change: Callable[[np.ndarray], np.ndarray], names: tuple[str, ...] = OPTIONAL) -> "Runs":
        """The same with optional columns changed, those that are there."""
        changed: dict[str, Any] = {
            name: change(values) for name in names if (values := getattr(self, name)) is not None
        }
        return replace(self, **changed)

    def of_targets(self, targets: tuple[str, ...]) -> "Runs":
        """The same rows with these loss domains only."""
        columns = [self.targets.index(target) for target in targets]
        return replace(self, targets=targets, loss=self.loss[:, columns])

    def own(self, targets: tuple[str, ...]) -> np.ndarray:
        """The targets' own proportions, shape (targets, n)."""
        return self.mixture[:, [self.domains.index(target) for target in targets]].T

    @cached_property
    def run_numbers(self) -> np.ndarray:
        """Which training run (a name at one size) each row belongs to, numbered from 0; shape (n,)."""
        size = np.zeros(len(self)) if self.size is None else self.size
        return pd.MultiIndex.from_arrays([self.run, size]).factorize()[0]

    def rows_by_run(self) -> list[np.ndarray]:
        """The rows of every training run, in the order of :attr:`run_numbers`."""
        return [np.flatnonzero(self.run_numbers == number) for number in range(self.run_numbers.max() + 1)]

    @cached_property
    def mixture_numbers(self) -> np.ndarray:
        """Which distinct mixture each row has, numbered from 0 in order of appearance; shape (n,)."""
        rounded = pd.MultiIndex.from_arrays(list(np.round(self.mixture, 6).T))
        return rounded.factorize()[0]

    @cached_property
    def scales(self) -> np.ndarray:
        """Size and step of every row, shape (n, 2); 0 where the table has no such column."""
        nothing = np.zeros(len(self))
        return np.stack([nothing if axis is None else axis for axis in (self.size, self.step)], axis=1)

    def varies(self, axis: str) -> bool:
        """Whether ``size`` or ``step`` takes more than one value."""
        values = getattr(self, axis)
        return values is not None and len(np.unique(values)) > 1

    @property
    def varying_axes(self) -> tuple[str, ...]:
        """Of ``step`` and ``size``, those that vary."""
        return tuple(axis for axis in AXES if self.varies(axis))

    def aligned(self, domains: tuple[str, ...]) -> "Runs":
        """The same rows with their mixture columns in the order of ``domains``.

        Raises:
            PhasemixError: the mixture domains are not the same.
        """
        if set(domains) != set(self.domains):
            missing = [f"{MIX}{name}" for name in domains if name not in self.domains]
            unknown = [f"{MIX}{name}" for name in self.domains if name not in domains]
            problem = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(unknown)}, unknown to the law"
            raise PhasemixError(f"the table of runs {problem}; the law was fitted on {', '.join(domains)}")
        order = [self.domains.index(name) for name in domains]
        found = replace(self, domains=domains, mixture=self.mixture[:, order])
        return found.with_optional(lambda values: values[:, order], ("facts", "recall"))

    def columns(self) -> dict[str, list[Any]]:
        """The table of runs, as :func:`phasemix.fitting.runs_table.to_runs` reads it, by column."""
        found: dict[str, list[Any]] = {"run": [str(name) for name in self.run]}
        found |= {axis: getattr(self, axis).tolist() for axis in ("size", "step") if getattr(self, axis) is not None}
        found |= {f"{MIX}{name}": self.mixture[:, i].tolist() for i, name in enumerate(self.domains)}
        for prefix, values in ((FACTS, self.facts), (RECALL, self.recall)):
            if values is not None:
                for i, name in enumerate(self.domains):
                    found[f"{prefix}{name}"] = [
                        value if np.isfinite(value) else None for value in values[:, i].tolist()
                    ]
        return found | {f"{LOSS}{name}": self.loss[:, i].tolist() for i, name in enumerate(self.targets)}

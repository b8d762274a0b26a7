"""The configuration of a study of random subsampling and compact knowledge mixing (A-Fig 8, 14, A-Table 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from phasemix.experiments.experiment import Problem
from phasemix.experiments.strategy_grid import StrategyGrid

if TYPE_CHECKING:
    from phasemix.study.config import Config

READ = {"theory": "theory", "law": "cliff"}
"""The fields that name an experiment to predict by, and its kind."""


class Spec(StrategyGrid):
    """Fewer people or tuples, from scratch, beside what other experiments let expect.

    Attributes:
        theory: the experiment of kind theory whose learner says what to expect; None: nothing does.
        law: the one of kind cliff to whose runs the law cliff is fitted, which says the same; None: nothing does.
    """

    kind: Literal["strategies"]
    theory: str | None = None
    law: str | None = None
    tables: ClassVar[tuple[str, ...]] = ("strategies.csv", "means.csv", "predicted.csv", "best.json")

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, and by which experiments it is predicted."""
        return self.model_dump(mode="json", include={"dense", "tuples", "base", *READ})

    @property
    def figures(self) -> list[str]:
        """Those of strategies that some cell has; A-Fig 14 is about both."""
        along = {
            "a_fig_8a": any(min(block.subsampling) < 1 for block in self.grid),
            "a_fig_8b": any(max(block.compact) > 0 for block in self.grid),
        }
        return [name for name in super().figures if along.get(name, True)]

    @property
    def reads(self) -> list[str]:
        """The experiments that say what to expect."""
        return [name for name in (self.theory, self.law) if name]

    def problems(self, config: Config) -> Iterator[Problem]:
        """What is wrong with the grid, and experiments of other kinds."""
        yield from super().problems(config)
        for field, kind in READ.items():
            name = getattr(self, field)
            if name is not None and name not in config.experiments:
                yield (field,), config.no_name(name, "experiments")
            elif name is not None and config.experiments[name].kind != kind:
                yield (field,), f"is of kind {config.experiments[name].kind}; it must be {kind}"

"""The configuration of mixing laws on a table of runs: the user's own, or one that another experiment leaves."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from phasemix.base.schema import Schema
from phasemix.experiments.experiment import Experiment, Problem
from phasemix.laws import NAMES, module_of
from phasemix.study.layout import Layout

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Optimisation(Schema):
    """The options of ``phasemix mix optimise``.

    Attributes:
        step: at which step; None: the last of the fitted runs.
        size: at which size; None: the largest of the fitted runs.
        target: the loss to minimise: ``mean``, or ``DOMAIN=WEIGHT,…``.
        cap: no more than so many passes over a domain of so many tokens: ``DOMAIN=EPOCHS:TOKENS``.
        prior: the mixture that the best one is compared with: ``runs``, ``uniform``, or ``DOMAIN=WEIGHT,…``; None:
            the mean of the runs.
        kl: nats of loss that a nat of divergence from the prior costs; None: nothing.
        bootstrap: refits behind the interval.
    """

    step: PositiveFloat | None = None
    size: PositiveFloat | None = None
    target: str = "mean"
    cap: list[str] = Field(default_factory=list)
    prior: str | None = None
    kl: PositiveFloat | None = None
    bootstrap: NonNegativeInt = 20


class Spec(Experiment):
    """Laws are compared on a table of runs, one is fitted, and its best mixture found.

    Attributes:
        runs: the table, a file of the user's; or
        experiment: the name of an experiment whose runs are the table.
        law: the law that is fitted and optimised.
        compare: the laws that are compared; None: all.
        holdout: what is held out in the comparison: mixtures, the last steps, or the largest size.
        fraction: of mixtures or steps held out.
        folds: hold out every mixture once, in so many folds, instead.
        optimise: how the best mixture is found.
    """

    kind: Literal["laws"]
    runs: str | None = None
    experiment: str | None = None
    law: str = "transfer"
    compare: list[str] | None = None
    holdout: Literal["mixtures", "steps", "size"] = "mixtures"
    fraction: float = Field(default=0.2, gt=0, lt=1)
    folds: PositiveInt | None = None
    optimise: Optimisation = Optimisation()
    tables: ClassVar[tuple[str, ...]] = ("comparison.csv", "law.json", "optimum.json")

    @property
    def compared(self) -> list[str]:
        """The laws that are compared."""
        return list(NAMES) if self.compare is None else self.compare

    def table_of_runs(self, layout: Layout) -> str:
        """The user's table, or that of another experiment."""
        return self.runs or f"{layout.tables(str(self.experiment))}/runs.csv"

    def code_of(self, command: str) -> list[str]:
        """The modules that define what a command of phasemix makes of its laws."""
        laws = self.compared if command == "laws_compare" else [self.law]
        return ["phasemix.cli", f"phasemix.commands.{command}", *map(module_of, laws)]

    @property
    def comparison_options(self) -> str:
        """Of ``phasemix laws compare``."""
        folds = [] if self.folds is None else ["--folds", str(self.folds)]
        laws = [] if self.compare is None else ["--laws", *self.compare]
        return shlex.join(["--holdout", self.holdout, "--fraction", str(self.fraction), *folds, *laws])

    @property
    def optimum_options(self) -> str:
        """Of ``phasemix mix optimise``."""
        wishes = self.optimise.model_dump(exclude={"cap"}, exclude_none=True)
        options = [word for name, value in wishes.items() for word in (f"--{name}", str(value))]
        return shlex.join([*options, *(["--cap", *self.optimise.cap] if self.optimise.cap else [])])

    @property
    def options(self) -> dict[str, Any]:
        """The law that was fitted, and on what."""
        return {"law": self.law, "runs": self.runs or f"the runs of {self.experiment}"}

    @property
    def reads(self) -> list[str]:
        """The experiment whose runs are the table."""
        return [self.experiment] if self.experiment else []

    def problems(self, config: Config) -> Iterator[Problem]:
        """No table, or two; a table that is not there; unknown laws."""
        if (self.runs is None) == (self.experiment is None):
            yield ("runs",), "either runs, a file, or experiment, one that trains cells, must be given"
        elif self.runs is not None and not Path(self.runs).is_file():
            yield ("runs",), "no such file"
        elif self.experiment is not None and self.experiment not in config.training:
            yield ("experiment",), "is no experiment that trains cells"
        for key, names in ((("law",), [self.law]), (("compare",), self.compare or [])):
            for i, name in enumerate(names):
                if name not in NAMES:
                    where = key if key == ("law",) else (*key, i)
                    yield where, f"is no law; there are {', '.join(NAMES)}"

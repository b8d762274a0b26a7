"""What the workflow makes of a user's table of runs; light, for planning."""

import shlex
from typing import Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from phasemix.base.schema import Schema
from phasemix.fitting.holdout_kinds import Holdout
from phasemix.laws import NAMES


class Optimisation(Schema):
    """The options of ``phasemix mix optimise``."""

    step: PositiveFloat | None = None
    size: PositiveFloat | None = None
    target: str = "mean"
    cap: list[str] = Field(default_factory=list)
    prior: str | None = None
    kl: PositiveFloat | None = None
    bootstrap: NonNegativeInt = 20


class LawsTable(Schema):
    """A table of runs: laws are compared on it, one is fitted and its best mixture found."""

    runs: str
    law: Literal[NAMES] = "transfer"  # type: ignore[valid-type]
    compare: list[Literal[NAMES]] | None = None  # type: ignore[valid-type]
    holdout: Holdout = "mixtures"
    fraction: float = Field(default=0.2, gt=0, lt=1)
    folds: PositiveInt | None = None
    optimise: Optimisation = Optimisation()

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

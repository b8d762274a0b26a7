"""The configuration of a test of the law that sees the cliff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, PositiveInt

from phasemix.experiments.experiment import Experiment, Problem

if TYPE_CHECKING:
    from phasemix.study.config import Config

MEASURED = ("transition", "people")


class Spec(Experiment):
    """The law is fitted to a part of what was measured and asked about the rest, beside laws that see no cliff.

    Attributes:
        measured: the experiments, of kinds transition and people, whose cells are its runs.
        threshold: one of kind threshold, whose groups of people are domains of facts of their own; None: without.
        people: the number of people of the runs on which all laws are compared, as most know nothing of that number.
        critical_accuracy: a ratio is critical where accuracy crosses this.
    """

    kind: Literal["cliff"]
    measured: list[str] = Field(min_length=1)
    threshold: str | None = None
    people: PositiveInt
    critical_accuracy: float = Field(default=0.4, gt=0, lt=1)
    tables: ClassVar[tuple[str, ...]] = ("runs.csv", "scores.csv", "predictions.csv", "critical.csv", "parameters.csv")

    @property
    def options(self) -> dict[str, Any]:
        """Which experiments are read, and what is compared."""
        return self.model_dump(mode="json", include={"measured", "threshold", "people", "critical_accuracy"})

    @property
    def reads(self) -> list[str]:
        """The experiments whose cells are its runs."""
        return list(dict.fromkeys([*self.measured, *([self.threshold] if self.threshold else [])]))

    def problems(self, config: Config) -> Iterator[Problem]:
        """Experiments that are not there or of other kinds."""
        wanted = [(("measured", i), name, MEASURED) for i, name in enumerate(self.measured)]
        if self.threshold is not None:
            wanted.append((("threshold",), self.threshold, ("threshold",)))  # type: ignore[arg-type]
        for where, name, kinds in wanted:
            if name not in config.experiments:
                yield where, config.no_name(name, "experiments")
            elif (kind := config.experiments[name].kind) not in kinds:
                yield where, f"is of kind {kind}; it must be {' or '.join(kinds)}"

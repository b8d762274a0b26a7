"""The configuration of a test of the popularity estimator on models of known size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, NonNegativeInt

from phasemix.experiments.experiment import Experiment, Problem
from phasemix.popularity.threshold_popularity import TARGET, TOLERANCE

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(Experiment):
    """The popularity of a fact is how frequent it is in training; every size is inferred from the others.

    Attributes:
        measured: an experiment of kind threshold, whose models answered questions about people of known frequency.
        target_accuracy: that facts must be known with.
        fault_tolerance: popularities in a row that may miss it.
    """

    kind: Literal["popularity"]
    measured: str
    target_accuracy: float = Field(default=TARGET, gt=0, lt=1)
    fault_tolerance: NonNegativeInt = TOLERANCE
    tables: ClassVar[tuple[str, ...]] = ("thresholds.csv", "inferred.csv", "law.json")

    @property
    def options(self) -> dict[str, Any]:
        """Which experiment is read, and the two numbers of the estimator."""
        return self.model_dump(mode="json", include={"measured", "target_accuracy", "fault_tolerance"})

    @property
    def reads(self) -> list[str]:
        """The experiment whose models answered."""
        return [self.measured]

    def problems(self, config: Config) -> Iterator[Problem]:
        """An experiment that is not there or of another kind."""
        if self.measured not in config.experiments:
            yield ("measured",), config.no_name(self.measured, "experiments")
        elif (kind := config.experiments[self.measured].kind) != "threshold":
            yield ("measured",), f"is of kind {kind}; it must be threshold"

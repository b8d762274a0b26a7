"""The configuration of the comparison of mixing laws on training runs that others published."""

from typing import Any, ClassVar, Literal

from pydantic import PositiveInt

from phasemix.experiments.experiment import Experiment

TABLES = ("1M", "1M-test", "60M", "1B")
"""RegMix's tables; described in :mod:`phasemix.experiments.published_runs.regmix`."""

COMPARISONS = ("1M-to-1M", "1B-folds", "1M-to-60M", "1M-to-1B", "60M-to-1B", "1M-60M-to-1B")
"""What laws are fitted on, and what they predict: :mod:`phasemix.experiments.published_runs.comparisons`."""


class Spec(Experiment):
    """Laws on RegMix's runs.

    Attributes:
        folds: of the cross-validation at 1B.
    """

    kind: Literal["published_runs"]
    folds: PositiveInt = 8
    tables: ClassVar[tuple[str, ...]] = (
        *(f"{name}.csv" for name in COMPARISONS),
        *(f"{name}.notes.json" for name in COMPARISONS),
    )

    @property
    def options(self) -> dict[str, Any]:
        """The folds."""
        return {"folds": self.folds}

"""The configuration of the comparison of mixing laws on training runs that others published."""

from typing import ClassVar, Literal

from pydantic import PositiveInt

from phasemix.experiments.experiment import Experiment
from phasemix.published.spec import COMPARISONS


class Spec(Experiment):
    """Laws on RegMix's runs; ``folds`` of the cross-validation at 1B."""

    kind: Literal["published_runs"]
    folds: PositiveInt = 8
    tables: ClassVar[tuple[str, ...]] = tuple(f"{name}.csv" for name in COMPARISONS)

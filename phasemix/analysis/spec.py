"""The specification of an analysis."""

from pydantic import Field, PositiveInt

from phasemix.base.schema import Schema


class Analysis(Schema):
    """How critical points are defined, and how sure they shall be."""

    critical_accuracy: float = Field(gt=0, lt=1)
    bootstrap: PositiveInt = 1000
    confidence: float = Field(default=0.95, gt=0, lt=1)

    @property
    def quantiles(self) -> list[float]:
        """The two ends of a percentile interval."""
        tail = (1 - self.confidence) / 2
        return [tail, 1 - tail]

"""The specification of an analysis: how sure intervals shall be."""

from pydantic import Field, PositiveInt

from phasemix.base.schema import Schema


class Analysis(Schema):
    """How sure intervals shall be.

    Attributes:
        bootstrap: resamples of people and seeds.
        confidence: of intervals.
    """

    bootstrap: PositiveInt = 1000
    confidence: float = Field(default=0.95, gt=0, lt=1)

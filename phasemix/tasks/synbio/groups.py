"""Groups of people of different frequency, as SynBio-power-law has them."""

from pydantic import PositiveFloat, PositiveInt

from phasemix.base.schema import Schema


class Groups(Schema):
    """People in ``count`` equal groups; the k-th group is shown in proportion to k^−``exponent`` (A-Fig 7a)."""

    count: PositiveInt
    exponent: PositiveFloat

    @property
    def proportions(self) -> list[float]:
        """Each group's part of all exposures, the most frequent first."""
        weights = [k**-self.exponent for k in range(1, self.count + 1)]
        return [weight / sum(weights) for weight in weights]

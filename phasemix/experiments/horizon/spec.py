"""The configuration of a study of horizons (A-Fig 3, 4): cells trained for different numbers of tokens, from trunks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, PositiveInt

from phasemix.experiments.experiment import Problem
from phasemix.experiments.grid import GridOfRatios

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(GridOfRatios):
    """A study of horizons.

    Attributes:
        levels: the accuracies whose T, the tokens to reach them, is measured at every ratio.
        fitted_from: the smallest ratio that the laws of T are fitted to; they are extrapolated to smaller ones.
        linear_above: above this ratio, T is compared with a straight line in 1/r.
        budget: the tokens of the headline, of which the longest horizons are multiples; None: the recipe's.
    """

    kind: Literal["horizon"]
    levels: list[Annotated[float, Field(gt=0, lt=1)]] = Field(default=[0.2, 0.4, 0.6], min_length=1)
    fitted_from: float = Field(default=0.3, gt=0, lt=1)
    linear_above: float = Field(default=0.4, gt=0, lt=1)
    budget: PositiveInt | None = None
    tables: ClassVar[tuple[str, ...]] = (
        "horizons.csv",
        "growth.csv",
        "exposures.csv",
        "tokens.csv",
        "seed_tokens.csv",
        "laws.csv",
        "held_out.csv",
    )

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, which T is measured, what the laws are fitted to, and the budget as it is trained."""
        step = self.recipe.batch_tokens
        return super().options | {
            "levels": sorted(set(self.levels)),
            "fitted_from": self.fitted_from,
            "linear_above": self.linear_above,
            "budget": round((self.budget or self.recipe.tokens) / step) * step,
        }

    def problems(self, config: Config) -> Iterator[Problem]:
        """No horizons."""
        yield from super().problems(config)
        if not any(block.tokens for block in self.grid):
            yield ("grid", 0, "tokens"), "must be given: the horizons, tokens to train every cell for"

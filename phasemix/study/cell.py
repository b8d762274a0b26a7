"""The specification of one cell: a size, a mixing ratio, a seed, and how it is trained."""

from typing import Literal, Self

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from phasemix.base.schema import Schema
from phasemix.base.seeds import named_seed

Schedule = Literal["wsd", "cosine", "constant"]
Precision = Literal["auto", "bfloat16", "float32"]


class Architecture(Schema):
    """What distinguishes one size from another; everything else is Pythia's.

    Pythia has separate input and output embeddings; ``tied`` shares them, which small models need
    to spend their parameters on more than the vocabulary.
    """

    layers: PositiveInt
    width: PositiveInt
    heads: PositiveInt
    tied: bool = False
    rotary_fraction: float = Field(default=0.25, gt=0, le=1)

    @model_validator(mode="after")
    def _heads_divide_width(self) -> Self:
        if self.width % (2 * self.heads):
            raise ValueError(f"width {self.width} must be a multiple of 2 × heads = {2 * self.heads}")
        return self


class Recipe(Schema):
    """How a cell is trained: length, batch and schedule (paper A, section 3).

    ``micro_batch_size`` rows go through the model at a time (None: the whole batch); gradients are
    accumulated, so that only the memory needed changes. ``precision`` is that of the large matrix
    products (``auto``: bfloat16 where the hardware multiplies it natively); ``compile`` makes native
    code of the training step, once for every size.
    """

    tokens: PositiveInt
    batch_size: PositiveInt = 512
    micro_batch_size: PositiveInt | None = None
    context: PositiveInt = 2048
    schedule: Schedule = "wsd"
    peak_learning_rate: PositiveFloat = 1e-3
    warmup_steps: NonNegativeInt = 160
    cooldown_fraction: float = Field(default=0.1, ge=0, le=1)
    weight_decay: float = Field(default=0.1, ge=0)
    gradient_clip: PositiveFloat = 1.0
    evaluation_points: PositiveInt = 10
    precision: Precision = "auto"
    compile: bool = True

    @property
    def batch_tokens(self) -> int:
        """Tokens of one optimizer step."""
        return self.batch_size * self.context

    @property
    def steps(self) -> int:
        """Optimizer steps: whole batches nearest to ``tokens``."""
        return round(self.tokens / self.batch_tokens)

    @property
    def cooldown_step(self) -> int:
        """The step at which WSD begins to cool down: before it, runs of all lengths are the same."""
        return self.steps - round(self.cooldown_fraction * self.steps)

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        if self.steps <= self.warmup_steps:
            raise ValueError(
                f"tokens {self.tokens} make {self.steps} steps of {self.batch_size} × {self.context} tokens,"
                f" not more than the {self.warmup_steps} warm-up steps"
            )
        return self


class Curve(Schema):
    """How a run is evaluated on the way: fewer people and tokens than at its end."""

    people: PositiveInt = 50
    tokens: PositiveInt = 16_000


class Cell(Schema):
    """Everything that decides the weights of one run, beside the data it reads."""

    size: str
    architecture: Architecture
    ratio: float
    seed: NonNegativeInt
    root_seed: int
    heldout_templates: NonNegativeInt
    recipe: Recipe
    curve: Curve

    def named_seed(self, name: str) -> int:
        """This cell's seed for one use; the ratio and the size do not enter, so cells share their streams."""
        return named_seed(self.root_seed, "cell", self.seed, name)

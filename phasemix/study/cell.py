"""The specification of one cell: everything that decides the weights of one run, beside the data it reads."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from phasemix.base.schema import CHECKPOINT, Schema
from phasemix.base.seeds import named_seed
from phasemix.study.mixture import MixtureSpec

Schedule = Literal["wsd", "cosine", "exponential", "constant"]
Beta = Annotated[float, Field(ge=0, lt=1)]
Precision = Literal["auto", "bfloat16", "float32"]
Counted = Literal["all", "shown", "heldout"]
"""Which questions count as accuracy: all, those put as training puts them, or those put otherwise."""


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


class EarlyStopping(Schema):
    """When a run ends early: where the loss on a source's held-out text lies so many nats above what it was at first.

    It is looked at wherever a run is evaluated on the way. Paper A stops continual training so (A-Fig 8b, c).
    """

    source: str
    rise: PositiveFloat


class SampleWeights(Schema):
    """How much the samples of a batch count, by their losses (:mod:`phasemix.training.sample_weights`).

    Attributes:
        strategy: linupper counts low losses less, quadratic both extremes, extremes the middle.
        temperature: r at the beginning; the lower, the more unequal are weights.
        equal_steps: steps at the beginning at which all count alike.
    """

    strategy: Literal["linupper", "quadratic", "extremes"]
    temperature: PositiveFloat = 1.0
    equal_steps: NonNegativeInt = 0


class Recipe(Schema):
    """How a cell is trained: length, batch, schedule and optimizer (paper A, section 3).

    The learning rate warms up over ``warmup_steps``, or over ``warmup_fraction`` of all steps where that is given.
    ``micro_batch_size`` rows go through the model at a time (None: the whole batch); gradients are
    accumulated, so that only the memory needed changes. ``betas`` are those of AdamW. ``precision`` is that of the
    large matrix products (``auto``: bfloat16 where the hardware multiplies it natively); ``compile`` makes native
    code of the training step, once for every size. ``early_stopping`` says when to end before all tokens are read,
    ``sample_weights`` how much the samples of a batch count; None: all alike.
    """

    tokens: PositiveInt
    batch_size: PositiveInt = 512
    micro_batch_size: PositiveInt | None = None
    context: int = Field(default=2048, ge=2)
    schedule: Schedule = "wsd"
    peak_learning_rate: PositiveFloat = 1e-3
    warmup_steps: NonNegativeInt = 160
    warmup_fraction: float | None = Field(default=None, ge=0, lt=1)
    cooldown_fraction: float = Field(default=0.1, ge=0, le=1)
    weight_decay: float = Field(default=0.1, ge=0)
    gradient_clip: PositiveFloat = 1.0
    betas: tuple[Beta, Beta] = (0.9, 0.95)
    evaluation_points: PositiveInt = 10
    precision: Precision = "auto"
    compile: bool = True
    early_stopping: EarlyStopping | None = None
    sample_weights: SampleWeights | None = None

    @property
    def batch_tokens(self) -> int:
        """Tokens of one optimizer step."""
        return self.batch_size * self.context

    @property
    def steps(self) -> int:
        """Optimizer steps: whole batches nearest to ``tokens``."""
        return round(self.tokens / self.batch_tokens)

    @property
    def warmup(self) -> int:
        """The steps over which the learning rate warms up."""
        return self.warmup_steps if self.warmup_fraction is None else round(self.warmup_fraction * self.steps)

    @property
    def cooldown_step(self) -> int:
        """The step at which WSD begins to cool down: before it, runs of all lengths are the same."""
        return self.steps - round(self.cooldown_fraction * self.steps)

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        if self.steps <= self.warmup:
            raise ValueError(
                f"tokens {self.tokens} make {self.steps} steps of {self.batch_size} × {self.context} tokens,"
                f" not more than the {self.warmup} warm-up steps"
            )
        return self


class Curve(Schema):
    """How a run is evaluated on the way: asked about fewer subjects, on fewer tokens than at its end.

    ``subjects`` of every source that can be asked, ``questions`` that count as accuracy (None: as at the end), and
    ``loss_tokens`` held-out tokens of every source.
    """

    subjects: PositiveInt = 50
    questions: Counted | None = None
    loss_tokens: PositiveInt = 16_000


class Start(Schema):
    """The weights that a run begins with, from one of three places.

    Attributes:
        run: the folder of a finished run.
        experiment: the name of an experiment of this study, which has one cell of the run's size and seed.
        hub: the name of a model on the Hugging Face hub.
        revision: the hub's: a full commit hash, or the branch of one of Pythia's steps, such as step100000, which stay.
    """

    run: str | None = None
    experiment: str | None = None
    hub: str | None = None
    revision: str | None = Field(default=None, pattern=CHECKPOINT)

    @property
    def weights(self) -> Path | None:
        """The file of the weights of ``run``, if that is the place."""
        return None if self.run is None else Path(self.run) / "model" / "model.safetensors"

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.run, self.experiment, self.hub)) != 1:
            raise ValueError("start needs one of run, a folder; experiment, a name; hub, the name of a model")
        if (self.hub is None) != (self.revision is None):
            raise ValueError("a model of the hub is pinned by revision, and nothing else is")
        return self


class Cell(Schema):
    """Everything that decides the weights of one run, beside the data it reads.

    ``sources`` holds, by name and in the order of the mixture, each source's task and what of its options bears
    on training (:meth:`phasemix.tasks.source.Source.training`).
    """

    size: str
    architecture: Architecture
    mixture: MixtureSpec
    sources: dict[str, dict[str, Any]]
    seed: NonNegativeInt
    root_seed: int
    recipe: Recipe
    curve: Curve
    start: Start | None = None

    def named_seed(self, *names: str | int) -> int:
        """This cell's seed for one use; the mixture and the size do not enter, so cells share their streams.

        Training that goes on from other weights reads in an order of its own, not in that of those.
        """
        return named_seed(self.root_seed, "continued" if self.start else "cell", self.seed, *names)

    @property
    def tasks(self) -> list[str]:
        """The tasks of the sources, each once."""
        return list(dict.fromkeys(options["task"] for options in self.sources.values()))

"""The training steps that a study compiles, each a job of its own, which cells of the same shape wait for."""

import math
from typing import Any

from phasemix.base.files import sha256_of
from phasemix.base.schema import Schema
from phasemix.study.cell import Architecture, Recipe
from phasemix.study.cell_key import CellKey
from phasemix.study.config import Config


class Step(Schema):
    """What a compiled training step is made for, whatever the hardware.

    Attributes:
        architecture, vocabulary, context: of the model.
        batch_size: rows of a batch.
        micro_batch_size: rows that are computed at a time, at most; None: all that a process has.
        precision: of the large products.
    """

    architecture: Architecture
    vocabulary: int
    context: int
    batch_size: int
    micro_batch_size: int | None
    precision: str

    def rows(self, processes: int) -> int:
        """The rows that one of so many processes computes at a time."""
        share = math.ceil(self.batch_size / processes)
        return min(self.micro_batch_size or share, share)

    @property
    def name(self) -> str:
        """A name for its files."""
        return sha256_of(self.model_dump_json().encode())[:12]


def step_of(config: Config, name: str, key: CellKey) -> Step | None:
    """The step that a cell of an experiment waits for; None where none is compiled ahead.

    That is so with a tokenizer of the hub, whose entries are not known before it is there: its first cell compiles.
    """
    experiment = config.training[name]
    tokenizer, recipe = config.tokenizers[experiment.tokenizer], experiment.recipe_of(key)
    if not recipe.compile or tokenizer.origin == "hub":
        return None
    return Step(
        architecture=config.models[key.size],
        vocabulary=tokenizer.vocabulary,
        context=recipe.context,
        batch_size=recipe.batch_size,
        micro_batch_size=recipe.micro_batch_size,
        precision=recipe.precision,
    )


def steps(config: Config) -> dict[str, tuple[Step, str]]:
    """All steps of a study's experiments by name, each with the size of one of its cells."""
    found: dict[str, Any] = {}
    for name, experiment in config.training.items():
        alike = {(key.size, *_shape(experiment.recipe_of(key))): key for key in experiment.cells}
        for (size, *_), key in alike.items():
            step = step_of(config, name, key)
            if step is not None:
                found.setdefault(step.name, (step, size))
    return found


def _shape(recipe: Recipe) -> tuple[object, ...]:
    """What of a recipe a step depends on."""
    return recipe.compile, recipe.context, recipe.batch_size, recipe.micro_batch_size, recipe.precision

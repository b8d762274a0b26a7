"""The training steps that a study compiles, each a job of its own, which cells of the same shape wait for."""

import math
from typing import Any

from phasemix.base.files import sha256_of
from phasemix.base.schema import Schema
from phasemix.experiments.experiment import Training
from phasemix.study.cell import Architecture, Recipe
from phasemix.study.cell_key import CellKey
from phasemix.study.config import Config


class Step(Schema):
    """What a compiled training step is made for: a model, and rows of ``context`` tokens computed at a time."""

    architecture: Architecture
    vocabulary: int
    context: int
    rows: int
    precision: str

    @property
    def name(self) -> str:
        """A name for its files."""
        return sha256_of(self.model_dump_json().encode())[:12]


def step_of(config: Config, experiment: Training, key: CellKey) -> Step | None:
    """The step that a cell waits for; None where none is compiled ahead.

    That is so on GPUs, where PyTorch's compiler has a cache of its own, and with a tokenizer of the hub, whose
    entries are not known before it is there: the first cell compiles then.
    """
    tokenizer, recipe = config.tokenizers[experiment.tokenizer], experiment.recipe_of(key)
    if not recipe.compile or config.hardware.device == "gpu" or tokenizer.origin == "hub":
        return None
    share = math.ceil(recipe.batch_size / config.hardware.allocation(key.size).all_devices)
    return Step(
        architecture=config.models[key.size],
        vocabulary=tokenizer.vocabulary,
        context=recipe.context,
        rows=min(recipe.micro_batch_size or recipe.batch_size, share),
        precision=recipe.precision,
    )


def steps(config: Config) -> dict[str, tuple[Step, str]]:
    """All steps of a study's experiments by name, each with the size of one of its cells."""
    found: dict[str, Any] = {}
    for experiment in config.training.values():
        alike = {(key.size, *_shape(experiment.recipe_of(key))): key for key in experiment.cells}
        for (size, *_), key in alike.items():
            step = step_of(config, experiment, key)
            if step is not None:
                found.setdefault(step.name, (step, size))
    return found


def _shape(recipe: Recipe) -> tuple[object, ...]:
    """What of a recipe a step depends on."""
    return recipe.compile, recipe.context, recipe.batch_size, recipe.micro_batch_size, recipe.precision

"""Which modules define a cell's weights; light, because rules ask for it."""

from collections.abc import Iterable

from phasemix.controllers.controller import controller_module
from phasemix.study.mixture import MixtureSpec
from phasemix.tasks.source import task_module

TRAINING = "phasemix.training.train_cell"


def cell_modules(tasks: Iterable[str], mixture: MixtureSpec) -> list[str]:
    """The modules that, with all they import, define a cell's weights: training's, its tasks', its controller's."""
    steering = mixture.steering
    controllers = [controller_module(steering.controller)] if steering else []
    return [TRAINING, *(task_module(task) for task in dict.fromkeys(tasks)), *controllers]

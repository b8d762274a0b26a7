"""Learning-rate schedules."""

import math

from phasemix.study.cell import Recipe

FLOOR = 0.1  # a cosine and an exponential end at a tenth of the peak, as Pythia's and paper B's do


def learning_rate(step: int, recipe: Recipe) -> float:
    """The learning rate of ``step`` (from 0) under the recipe's schedule.

    - ``wsd`` (paper A): linear warm-up, stable, linear cooldown to 0 over the last
      ``cooldown_fraction`` of the steps.
    - ``cosine`` (paper A, section 6): linear warm-up, then a cosine to a tenth of the peak.
    - ``exponential`` (paper B): linear warm-up, then an exponential to a tenth of the peak.
    - ``constant``: linear warm-up, then the peak.
    """
    peak, steps, warmup = recipe.peak_learning_rate, recipe.steps, recipe.warmup
    if step < warmup:
        return peak * (step + 1) / warmup
    done = (step - warmup) / (steps - warmup)
    if recipe.schedule == "cosine":
        return peak * (FLOOR + (1 - FLOOR) * (1 + math.cos(math.pi * done)) / 2)
    if recipe.schedule == "exponential":
        return peak * FLOOR**done
    if recipe.schedule == "wsd" and step >= recipe.cooldown_step:
        return peak * (steps - step) / (steps - recipe.cooldown_step + 1)
    return peak

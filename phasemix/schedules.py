"""Learning-rate schedules, as multiples of the peak."""

import math

from phasemix.cell import Schedule

COSINE_FLOOR = 0.1  # Pythia decays to a tenth of the peak


def learning_rate(step: int, steps: int, *, schedule: Schedule, peak: float, warmup: int, cooldown: float) -> float:
    """The learning rate of ``step`` (from 0) out of ``steps``.

    - ``wsd`` (paper A): linear warm-up, stable, linear cooldown to 0 over the last ``cooldown``
      fraction of the steps.
    - ``cosine`` (paper A, section 6): linear warm-up, then a cosine to a tenth of the peak.
    - ``constant``: linear warm-up, then the peak.
    """
    if step < warmup:
        return peak * (step + 1) / warmup
    if schedule == "cosine":
        done = (step - warmup) / max(1, steps - warmup)
        return peak * (COSINE_FLOOR + (1 - COSINE_FLOOR) * (1 + math.cos(math.pi * done)) / 2)
    cooldown_steps = round(cooldown * steps)
    left = steps - step
    if schedule == "wsd" and left <= cooldown_steps:
        return peak * left / (cooldown_steps + 1)
    return peak

"""What claims about downstream tasks share: models of :mod:`phasemix.experiments.downstream.findings`, compared."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import norm

from phasemix.analysis.seed_intervals import difference_interval
from phasemix.base.number_text import row_text
from phasemix.claims.answers import Answer

Model = Mapping[str, Any]
Lead = tuple[float, float, float]
"""A difference of mean accuracies over tasks, and the ends of its interval."""
WIDENED = (
    "Intervals are Welch's over seeds, widened by the standard error over questions, as if both models had been asked"
    " different ones. Not tested with one seed."
)
"""How sure :func:`lead` is."""


def groups(models: Sequence[Model], *axes: str) -> dict[tuple[Any, ...], list[Model]]:
    """The models that have all these axes, by their values; those of a group differ in their seed alone."""
    found: dict[tuple[Any, ...], list[Model]] = {}
    for model in models:
        place = tuple(model.get(axis) for axis in axes)
        if None not in place:
            found.setdefault(place, []).append(model)
    return found


def lead(ahead: Sequence[Model], behind: Sequence[Model], confidence: float) -> Lead:
    """By how much the first ones' mean accuracy over tasks lies above, and its interval; NaN ends with one seed."""
    first, second = (np.array([model["accuracy"] for model in models]) for models in (ahead, behind))
    value, _, high = difference_interval(second, first, confidence)
    errors = [_mean_error(models) for models in (ahead, behind)]  # seeds are asked the same questions
    half = math.hypot(high - value, float(norm.ppf((1 + confidence) / 2)) * math.hypot(*errors))
    return value, value - half, value + half


def points(found: Lead) -> str:
    """A lead in per cent points, with its interval."""
    return row_text(dict(zip(("lead", "lead_low", "lead_high"), found, strict=True)), "lead", "+.1f")


def _mean_error(models: Sequence[Model]) -> float:
    return float(
        np.mean([math.nan if model["standard_error"] is None else model["standard_error"] for model in models])
    )


def is_above(found: Lead, level: float) -> Answer:
    """Whether a lead is above a level by its whole interval; None: the interval leaves it open, or there is none."""
    _, low, high = found
    return True if low > level else False if high <= level else None

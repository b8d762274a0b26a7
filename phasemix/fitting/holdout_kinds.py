"""What may be held out of a table of runs, to test laws on."""

from typing import Literal, get_args

Holdout = Literal["mixtures", "steps", "size"]
"""Some of the mixtures, at all their sizes and steps; the last steps of every run; the largest size."""

HOLDOUTS: tuple[Holdout, ...] = get_args(Holdout)

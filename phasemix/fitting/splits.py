"""Which runs laws are fitted on, and which they are asked about."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from phasemix.base.seeds import generator
from phasemix.fitting.holdout_kinds import Holdout
from phasemix.fitting.law import LawError
from phasemix.fitting.runs import OPTIONAL, Runs

Split = tuple[Runs, Runs]
"""Runs to fit on, runs to predict."""


def hold_out(runs: Runs, holdout: Holdout, fraction: float, seed: int) -> Split:
    """Split runs in two.

    ``mixtures``: a fraction of the distinct mixtures, at all their sizes and steps; ``steps``: the
    last fraction of the steps of every run with more than one; ``size``: the largest size.

    Raises:
        LawError: nothing would be left on one side.
    """
    if holdout == "mixtures":
        count = runs.mixture_numbers.max() + 1
        if count < 2:
            raise LawError("--holdout mixtures needs at least 2 different mixtures; the runs have one")
        order = generator(seed, "held-out mixtures").permutation(count)
        test = np.isin(runs.mixture_numbers, order[: min(count - 1, max(1, round(fraction * count)))])
    elif holdout == "steps":
        if runs.step is None:
            raise LawError("--holdout steps needs a column step")
        test = np.zeros(len(runs), bool)
        for its_rows in runs.rows_by_run():
            rows = its_rows[np.argsort(runs.step[its_rows])]
            if len(rows) > 1:
                test[rows[-min(len(rows) - 1, max(1, round(fraction * len(rows)))) :]] = True
        if not test.any():
            raise LawError("--holdout steps needs runs with more than one step; there are none")
    else:
        if not runs.varies("size") or runs.size is None:
            raise LawError("--holdout size needs a column size with more than one value")
        test = runs.size == runs.size.max()
    return runs.rows(~test), runs.rows(test)


def together(one: Runs, other: Runs) -> Runs:
    """Both parts of a split."""
    columns: dict[str, Any] = {
        name: _joined(getattr(one, name), getattr(other, name)) for name in ("run", "mixture", "loss", *OPTIONAL)
    }
    return replace(one, **columns)


def _joined(one: np.ndarray | None, other: np.ndarray | None) -> np.ndarray | None:
    return None if one is None or other is None else np.concatenate([one, other])


def folds(runs: Runs, count: int, seed: int) -> Iterator[Split]:
    """Cross-validation by whole mixtures: every mixture is held out once.

    Raises:
        LawError: there are fewer mixtures than folds.
    """
    mixtures = runs.mixture_numbers.max() + 1
    if mixtures < 2:
        raise LawError("all runs have one mixture: none can be held out")
    if not 2 <= count <= mixtures:
        raise LawError(f"folds must be from 2 to {mixtures}, the number of different mixtures, not {count}")
    order = generator(seed, "folds of mixtures").permutation(mixtures)
    for fold in range(count):
        test = np.isin(runs.mixture_numbers, order[fold::count])
        yield runs.rows(~test), runs.rows(test)

"""Which law to trust on these runs, found out without the runs that it will be asked about.

Laws are fitted on a part of the runs that are there, and asked about the rest: held-out mixtures in folds, the last
steps, or the largest sizes in turn, which is what they will be asked about. The law with the least error is chosen, or
of laws that are as good the one with the fewest parameters.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from phasemix.fitting.comparison import compare
from phasemix.fitting.holdout_kinds import Holdout
from phasemix.fitting.law import Law, LawError
from phasemix.fitting.runs import Runs
from phasemix.fitting.splits import Split, folds, hold_out

AUTO = "auto"  # as people ask for it
FOLDS = 5  # of mixtures
ROLLS = 2  # largest sizes that are held out in turn
AS_GOOD = 1.05  # times the least error: chance can make the difference
ENOUGH_SIZES = 3  # must be left to fit on: two tell nothing of how a loss goes on to fall


@dataclass(frozen=True)
class Choice:
    """The chosen law.

    Attributes:
        law: its name.
        summary: what was compared, best first (:attr:`phasemix.fitting.comparison.Comparison.summary`).
        why: one line for people.
    """

    law: str
    summary: pd.DataFrame
    why: str


def choose(runs: Runs, laws: Iterable[Law], holdout: Holdout, fraction: float, seed: int) -> Choice:
    """The law with the least error on what is held out of ``runs``; of laws that predict as many losses as any does.

    Raises:
        LawError: too little is there to hold anything out.
    """
    splits, words = inner_splits(runs, holdout, fraction, seed)
    summary = compare(splits, laws, seed).summary
    summary = summary[summary["n_test"] == summary["n_test"].max()].reset_index(drop=True)
    summary = summary[np.isfinite(summary["mean_relative_error"])]
    good = summary[summary["mean_relative_error"] <= AS_GOOD * summary["mean_relative_error"].iloc[0]]
    best = good.sort_values("n_parameters", kind="stable").iloc[0]
    why = f"{best['law']} has the least error {words}: {100 * best['mean_relative_error']:.3g} %"
    if len(good) > 1:
        names = ", ".join(name for name in good["law"] if name != best["law"])
        why = f"{best['law']} has the fewest parameters of laws with the least error {words}: "
        why += f"{100 * best['mean_relative_error']:.3g} %, as {names}"
    elif len(summary) > 1:
        why += f" ({summary.iloc[1]['law']} {100 * summary.iloc[1]['mean_relative_error']:.3g} %)"
    return Choice(str(best["law"]), summary, why)


def inner_splits(runs: Runs, holdout: Holdout, fraction: float, seed: int) -> tuple[list[Split], str]:
    """What is fitted and asked to choose, and how people say it.

    Raises:
        LawError: too little is there to hold anything out.
    """
    if holdout == "size":
        sizes = np.unique(runs.size) if runs.size is not None else np.empty(0)
        if len(sizes) < ENOUGH_SIZES:
            problem = f"{ENOUGH_SIZES} sizes are needed to choose a law for larger models; there are {len(sizes)}"
            raise LawError(problem)
        held = sizes[ENOUGH_SIZES:][-ROLLS:]
        if len(held):
            splits = [(runs.rows(runs.size < size), runs.rows(runs.size == size)) for size in held]
            return splits, f"at size {' and '.join(f'{size:g}' for size in held)}, predicted from smaller ones"
    if holdout == "steps":
        return [hold_out(runs, "steps", fraction, seed)], f"in the last {100 * fraction:g} % of the steps"
    # Of three sizes, none can be held out: the law that knows best what it was not shown has the best numbers.
    count = min(FOLDS, int(runs.mixture_numbers.max()) + 1)
    return list(folds(runs, count, seed)), f"on held-out mixtures, in {count} folds"

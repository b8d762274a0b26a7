"""Some rows of many: rows of one run tell much the same, so a few of every run tell most of what all do."""

import numpy as np
import pandas as pd

from phasemix.fitting.runs import Runs

OF_A_RUN = 4  # rows, before other runs have their turn


def few_of_each_run(runs: Runs, rng: np.random.Generator) -> np.ndarray:
    """All rows in a random order: first ``OF_A_RUN`` of one run, then as many of another, then all runs' next ones."""
    order = rng.permutation(len(runs))
    run = runs.run_numbers[order]
    turn = pd.Series(run).groupby(run).cumcount().to_numpy() // OF_A_RUN
    first = np.unique(run, return_index=True)[1]
    return order[np.lexsort((first[run], turn))]

"""The comparisons of laws on RegMix's runs.

================  ====================================================================================
name              fitted on → predicted
================  ====================================================================================
``1M-to-1M``      512 runs at 1M → 256 other mixtures at 1M
``1M-to-60M``     the same fits → the same 256 mixtures at 60M; ranks alone can be right
``1B-folds``      64 runs at 1B, cross-validated: every mixture is predicted by fits without it
``1M-to-1B``      512 runs at 1M → 64 mixtures at 1B; ranks alone can be right
``60M-to-1B``     256 runs at 60M → 64 mixtures at 1B; ranks alone can be right
``1M-60M-to-1B``  all 1,024 runs at 1M and 60M, with their sizes → 64 mixtures at 1B
================  ====================================================================================
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from phasemix.fitting.comparison import Comparison, compare
from phasemix.fitting.law import Law
from phasemix.fitting.runs import Runs
from phasemix.fitting.runs_table import to_runs
from phasemix.fitting.splits import Split, folds


def split(name: str, tables: dict[str, pd.DataFrame], count: int, seed: int) -> list[Split]:
    """What is fitted and what is predicted in a comparison; ``count`` is the number of folds."""
    runs = {table: to_runs(content) for table, content in tables.items()}
    if name == "1B-folds":
        return list(folds(_sizeless(runs["1B"]), count, seed))
    if name == "1M-60M-to-1B":
        train = pd.concat([tables["1M"], tables["1M-test"], tables["60M"]], ignore_index=True)
        return [(to_runs(train), runs["1B"])]
    train_table, test_table = {
        "1M-to-1M": ("1M", "1M-test"),
        "1M-to-60M": ("1M", "60M"),
        "1M-to-1B": ("1M", "1B"),
        "60M-to-1B": ("60M", "1B"),
    }[name]
    return [(_sizeless(runs[train_table]), _sizeless(runs[test_table]))]


def compare_published(
    name: str, tables: dict[str, pd.DataFrame], laws: Iterable[Law], *, count: int, seed: int
) -> Comparison:
    """Compare laws in one of the comparisons."""
    return compare(split(name, tables, count, seed), laws, seed)


def _sizeless(runs: Runs) -> Runs:
    """The runs of one size, for laws to predict another as if it were the same."""
    assert len(np.unique(runs.scales[:, 0])) == 1
    return replace(runs, size=None)

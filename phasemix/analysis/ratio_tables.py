"""The generic tables of cells as experiments on a mixing ratio read them: a dense source mixed into a base.

:mod:`phasemix.experiments.cells_table` names columns by source. Here the two sources take the names of their parts
in the experiment, so that nothing downstream depends on what the sources are called or what they are.
"""

import pandas as pd

from phasemix.base.errors import PhasemixError

CELL = ["size", "ratio", "seed"]


def ratio_cells(cells: pd.DataFrame, dense: str, base: str) -> pd.DataFrame:
    """``cells.csv`` with one row per run, by parameters, ratio, seed and tokens.

    Returns:
        Columns ``size``, ``parameters``, ``ratio``, ``seed``, ``tokens``, ``exposures`` (how often everything in the
        dense source was shown), ``accuracy`` on it, ``floor`` (the accuracy of guessing), ``accuracy_<attribute>`` of
        each of its attributes, ``dense_loss`` and ``base_loss`` (nats per token), ``diverged``, ``seconds``.

    Raises:
        PhasemixError: nothing is asked about the dense source.
    """
    accuracy = f"accuracy.{dense}"
    if accuracy not in cells:
        raise PhasemixError(
            f"cells.csv: no column {accuracy}: nothing is asked about the source {dense}; choose another"
        )
    attributes = [name for name in cells.columns if name.startswith(f"{accuracy}.")]
    renamed = {
        f"epochs.{dense}": "exposures",
        accuracy: "accuracy",
        f"floor.{dense}": "floor",
        **{name: f"accuracy_{name.removeprefix(f'{accuracy}.')}" for name in attributes},
        f"loss.{dense}": "dense_loss",
        f"loss.{base}": "base_loss",
    }
    order = ["size", "parameters", "ratio", "seed", "tokens", *renamed.values(), "diverged", "seconds"]
    table = cells.rename(columns=renamed)[order]
    return table.sort_values(["parameters", "ratio", "seed", "tokens"], ignore_index=True)


def ratio_curves(curves: pd.DataFrame, dense: str, base: str) -> pd.DataFrame:
    """``curves.csv`` with the columns ``accuracy``, ``dense_loss`` and ``base_loss`` instead of those by source."""
    names = {f"accuracy.{dense}": "accuracy", f"loss.{dense}": "dense_loss", f"loss.{base}": "base_loss"}
    others = [name for name in curves.columns if "." not in name]
    return curves[[*others, *names]].rename(columns=names)


def attributes_of(table: pd.DataFrame) -> list[str]:
    """The attributes that the columns of :func:`ratio_cells` name, in their order."""
    return [name.removeprefix("accuracy_") for name in table.columns if name.startswith("accuracy_")]

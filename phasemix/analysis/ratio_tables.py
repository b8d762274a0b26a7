"""The generic tables of cells as experiments on a mixing ratio read them: a dense source mixed into a base.

:mod:`phasemix.experiments.cells_table` names columns by source. Here the two sources take the names of their parts
in the experiment, so that nothing downstream depends on what the sources are called or what they are.
"""

import pandas as pd

from phasemix.base.errors import PhasemixError

CELL = ["size", "ratio", "seed", "tokens"]
BITS_PER_PARAMETER = 2  # that a well-trained model can hold (paper A, section 4, after Physics of Language Models 3.3)


def ratio_cells(cells: pd.DataFrame, dense: str, base: str) -> pd.DataFrame:
    """``cells.csv`` with one row per run, by parameters, ratio, seed and tokens.

    Returns:
        Columns ``size``, ``parameters``, ``ratio``, ``seed``, ``tokens``, ``subjects`` of the dense
        source, ``exposures`` (how often everything in the
        dense source was shown), ``accuracy`` on it, ``floor`` (the accuracy of guessing), ``knowledge`` (bits known
        of a subject) and ``knowledge_floor``, ``known``, the share of all its bits that ``knowledge`` is,
        ``bits_per_parameter`` that are known of all subjects, ``load``, the share of the model's capacity
        (:data:`BITS_PER_PARAMETER`) that all bits would fill, ``accuracy_<attribute>`` and ``known_<attribute>`` of
        each attribute, ``dense_loss`` and ``base_loss`` (nats per token), ``diverged``, ``seconds``.

    Raises:
        PhasemixError: nothing is asked about the dense source.
    """
    accuracy = f"accuracy.{dense}"
    if accuracy not in cells:
        raise PhasemixError(
            f"cells.csv: no column {accuracy}: nothing is asked about the source {dense}; choose another"
        )
    attributes = [name.removeprefix(f"{accuracy}.") for name in cells.columns if name.startswith(f"{accuracy}.")]
    renamed = {
        f"subjects.{dense}": "subjects",
        f"epochs.{dense}": "exposures",
        accuracy: "accuracy",
        f"floor.{dense}": "floor",
        f"knowledge.{dense}": "knowledge",
        f"knowledge_floor.{dense}": "knowledge_floor",
        **{f"{accuracy}.{attribute}": f"accuracy_{attribute}" for attribute in attributes},
        f"loss.{dense}": "dense_loss",
        f"loss.{base}": "base_loss",
    }
    table = cells.rename(columns=renamed)
    entropy, subjects = table[f"entropy.{dense}"], table["subjects"]
    shares = {
        "known": table["knowledge"] / entropy,
        "bits_per_parameter": table["knowledge"] * subjects / table["parameters"],
        "load": entropy * subjects / (BITS_PER_PARAMETER * table["parameters"]),
        **{
            f"known_{attribute}": table[f"knowledge.{dense}.{attribute}"] / table[f"entropy.{dense}.{attribute}"]
            for attribute in attributes
        },
    }
    order = [*CELL[:1], "parameters", *CELL[1:], *renamed.values(), *shares, "diverged", "seconds"]
    return table.assign(**shares)[order].sort_values(["parameters", *CELL[1:]], ignore_index=True)


def ratio_curves(curves: pd.DataFrame, dense: str, base: str) -> pd.DataFrame:
    """``curves.csv`` with ``accuracy``, ``knowledge``, ``dense_loss`` and ``base_loss`` instead of those by source."""
    names = {f"{what}.{dense}": what for what in ("accuracy", "knowledge")}
    names |= {f"loss.{dense}": "dense_loss", f"loss.{base}": "base_loss"}
    others = [name for name in curves.columns if "." not in name]
    return curves[[*others, *names]].rename(columns=names)


def attributes_of(table: pd.DataFrame) -> list[str]:
    """The attributes that the columns of :func:`ratio_cells` name, in their order."""
    return [name.removeprefix("accuracy_") for name in table.columns if name.startswith("accuracy_")]

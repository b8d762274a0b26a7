"""The tables of a study of the threshold frequency, from the generic ones, the answers and the manifests of its cells.

- ``groups.csv``: one row per run at the ratio above 0 and group: ``size``, ``parameters``, ``non_embedding``,
  ``ratio``, ``seed``, ``group`` (1 is the most frequent), ``frequency``, ``exposures`` (how often one person of the
  group was shown), ``accuracy``, and the share of all bits that is ``known``;
- ``thresholds.csv``: one row per such run (:func:`thresholds_table`);
- ``answers.csv``: one row per such run and person, as :mod:`phasemix.popularity.answers_table` has it: ``model`` (the
  size and the seed), ``parameters``, ``popularity``, the frequency of the person's group, ``correct`` and ``asked``;
- ``web.csv``: one row per run at ratio 0: ``size``, ``parameters``, ``non_embedding``, ``seed``, and ``loss`` on the
  base, in nats per token;
- ``fits.json``: the laws fitted to these (:mod:`phasemix.experiments.threshold.fits`).

**Frequency.** A group's ``frequency`` is r · proportion / people of the group: the mixing ratio times the part of all
biographies that are about one given person of the group. Divided by the tokens of a biography it is the r · p of paper
A's theory, p being per token of the dense source. Ratio, group size and biographies are the same in all cells, so all
these have the same slope in model size, and so has the sampling probability of a group, which A-Fig 7a speaks of.

**Model size.** ``parameters`` counts all. ``non_embedding`` leaves out the input embedding and, where it is not the
same matrix, the output embedding; at small sizes these are most of a model. Diverged runs are left out everywhere.

Its options: ``dense`` and ``base``, the names of the sources; ``questions``, which questions count as accuracy
(:data:`phasemix.study.cell.Counted`); ``threshold_accuracy``; ``bootstrap``, ``confidence`` and ``seed`` of the
intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import crossing
from phasemix.analysis.power_law_fits import ThresholdFrequency, threshold_frequency
from phasemix.analysis.ratio_tables import ratio_cells
from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_csv, write_json
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.people_table import people_table
from phasemix.experiments.threshold.fits import fits
from phasemix.model.flops_per_token import parameters
from phasemix.study.cell import Architecture
from phasemix.tasks.synbio.groups import Groups

RUN = ["size", "ratio", "seed"]
PER = 10_000  # biographies of text, in units of which people read frequencies


@dataclass(frozen=True)
class Tables:
    """What figures are drawn from and the section is written from.

    Attributes:
        groups, thresholds, web: the tables above.
        fits: by way of counting parameters and law, what was fitted; None where nothing could be.
        level: the accuracy below which a group is not learned.
        confidence: of the intervals.
    """

    groups: pd.DataFrame
    thresholds: pd.DataFrame
    web: pd.DataFrame
    fits: Mapping[str, Mapping[str, Any]]
    level: float
    confidence: float

    @property
    def sizes(self) -> list[str]:
        """The sizes that have thresholds, smallest first."""
        return self.thresholds.sort_values("parameters")["size"].unique().tolist()

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:
        """The tables in ``folder``."""
        read = {
            name: pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in ("groups", "thresholds", "web")
        }
        fitted = read_json(folder / "fits.json")
        return cls(**read, fits=fitted, level=options["threshold_accuracy"], confidence=options["confidence"])


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:
    """Write the tables above into ``folder``, where ``cells.csv`` is.

    Raises:
        PhasemixError: nothing is asked about the dense source, or no run at the ratio above 0 is left.
    """
    runs = ratio_cells(pd.read_csv(folder / "cells.csv", dtype={"size": str}), options["dense"], options["base"])
    specified = {key.size: read_json(cells.run(key) / "manifest.json")["cell"] for key in cells.keys}
    counts = {
        size: parameters(Architecture.model_validate(cell["architecture"]), vocabulary=0)
        for size, cell in specified.items()
    }
    runs.insert(2, "non_embedding", runs["size"].map(counts))
    runs = runs[~runs["diverged"]]
    taught = runs[runs["ratio"] > 0]
    if taught.empty:
        raise PhasemixError("no run at a ratio above 0 is left: all diverged; lower their peak learning rate")
    stated = Groups.model_validate(next(iter(specified.values()))["sources"][options["dense"]]["groups"])
    people = people_table(cells, options["dense"], options["questions"])
    groups = groups_table(taught, people[people["ratio"] > 0], stated)
    web = runs.loc[runs["ratio"] == 0, ["size", "parameters", "non_embedding", "seed", "base_loss"]]
    web = web.rename(columns={"base_loss": "loss"})
    thresholds = thresholds_table(groups, options["threshold_accuracy"])
    write_csv(folder / "groups.csv", groups)
    write_csv(
        folder / "answers.csv", answers_table(people[people["ratio"] > 0], groups, people_of_a_group(taught, stated))
    )
    write_csv(folder / "thresholds.csv", thresholds)
    write_csv(folder / "web.csv", web)
    intervals = {name: options[name] for name in ("bootstrap", "confidence", "seed")}
    write_json(folder / "fits.json", fits(thresholds, web, **intervals))


def groups_table(runs: pd.DataFrame, people: pd.DataFrame, groups: Groups) -> pd.DataFrame:
    """``groups.csv``; a group of which nobody was asked has no row.

    Args:
        runs: those of :func:`phasemix.analysis.ratio_tables.ratio_cells` at the ratio above 0, with ``non_embedding``.
        people: what is known by run and person (:mod:`phasemix.experiments.people_table`).
        groups: of the dense source; its people stand in their order.
    """
    together = people_of_a_group(runs, groups)
    by_group = people.assign(group=people["person"] // together).groupby([*RUN, "group"], as_index=False)
    sums = by_group[["asked", "correct", "knowledge", "entropy"]].sum()
    table = sums.merge(runs[[*RUN, "parameters", "non_embedding", "exposures"]], on=RUN)
    proportion = table["group"].map(dict(enumerate(groups.proportions)))
    table = table.assign(
        frequency=table["ratio"] * proportion / together,
        exposures=table["exposures"] * groups.count * proportion,
        accuracy=table["correct"] / table["asked"],
        known=table["knowledge"] / table["entropy"],
        group=table["group"] + 1,
    )
    columns = [
        "size", "parameters", "non_embedding", "ratio", "seed", "group", "frequency", "exposures", "accuracy", "known",
    ]  # fmt: skip
    return table[columns].sort_values(["parameters", "seed", "group"], ignore_index=True)


def people_of_a_group(runs: pd.DataFrame, groups: Groups) -> int:
    """How many people every group has; they stand in the order of the groups."""
    return int(runs["subjects"].iloc[0]) // groups.count


def answers_table(people: pd.DataFrame, groups: pd.DataFrame, together: int) -> pd.DataFrame:
    """``answers.csv``, of what is known by run and person, and of ``groups.csv``, whose groups have so many people."""
    by_person = people.groupby([*RUN, "person"], as_index=False)[["asked", "correct"]].sum()
    table = by_person.assign(group=by_person["person"] // together + 1)
    table = table.merge(groups[[*RUN, "group", "parameters", "frequency"]], on=[*RUN, "group"])
    table = table.assign(model=table["size"] + " seed " + table["seed"].astype(str), popularity=table["frequency"])
    columns = ["model", "parameters", "person", "popularity", "correct", "asked"]
    return table.sort_values(["parameters", "seed", "person"])[columns]


def thresholds_table(groups: pd.DataFrame, level: float) -> pd.DataFrame:
    """The threshold frequency of every run, in two ways.

    By the paper's rule it is the frequency of the first group, in falling order, whose accuracy is below ``level``. So
    it can only be that of a group, and these are far apart where they are frequent, which makes the slope too shallow:
    in a made-up study of 20 groups whose true slope is −1.4, the rule gives −1.16. And one unlucky group decides it.
    The crossing has neither fault: it is where the isotonic regression of accuracy in frequency crosses ``level``
    (:func:`phasemix.analysis.critical_points.crossing`), and in that study it gives −1.44.

    Returns:
        By ``parameters``, ``size``, ``ratio`` and ``seed``, with ``non_embedding``: ``threshold``, by the rule, and
        ``crossing``, both frequencies; ``threshold_standing`` and ``crossing_standing``: ``on`` the groups, or
        ``above`` or ``below`` all of them, in which case the frequency is a bound
        (:class:`phasemix.analysis.power_law_fits.ThresholdFrequency`); and ``group``, that of ``threshold``.
    """
    rows = []
    runs = groups.groupby(["parameters", "non_embedding", "size", "ratio", "seed"])
    for (count, non_embedding, size, ratio, seed), run in runs:
        rising = run.sort_values("frequency")
        frequency, accuracy = rising["frequency"].to_numpy(), rising["accuracy"].to_numpy()
        first = threshold_frequency(frequency, accuracy, level)
        crossed = _crossing(frequency, accuracy, level)
        rows.append(
            {"size": size, "parameters": count, "non_embedding": non_embedding, "ratio": ratio, "seed": seed}
            | {"threshold": first.frequency, "threshold_standing": first.standing}
            | {"crossing": crossed.frequency, "crossing_standing": crossed.standing}
            | {"group": run.loc[run["frequency"] == first.frequency, "group"].iloc[0]}
        )
    return pd.DataFrame(rows)


def _crossing(frequency: np.ndarray, accuracy: np.ndarray, level: float) -> ThresholdFrequency:
    """Where accuracy crosses the level, or a bound of that; groups in rising order, shapes (n,)."""
    found = crossing(frequency, accuracy, level)
    if found == 0:
        return ThresholdFrequency(float(frequency[0]), "below")
    if found == np.inf:
        return ThresholdFrequency(float(frequency[-1]), "above")
    return ThresholdFrequency(found)

"""Made-up studies: their tables, and their results as the first stages of the workflow leave them."""

from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import Accuracies, accuracy_intervals, critical_points
from phasemix.base.files import write_csv, write_json, write_parquet
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.transition import tables as transition_tables
from phasemix.study.cell_key import CellKey

SIZES = {"10k": 10_000, "20k": 20_000, "40k": 40_000}
RATIOS = [0.05, 0.1, 0.2, 0.4, 0.8]
ATTRIBUTES = ("birth_date", "birth_city", "university", "major", "employer")
RESAMPLING = {"bootstrap": 200, "confidence": 0.95, "seed": 0}
OPTIONS = {"dense": "facts", "base": "text", "questions": "all", "critical_accuracy": 0.4, **RESAMPLING}
FLOOR = 0.076
FACTS = {
    "cells": 30,
    "diverged": 1,
    "resumed": 2,
    "tokens": 30_000,
    "trained_tokens": 20_000,
    "core_hours": 0.5,
    "evaluation_share": 0.04,
    "recipe": {"tokens": 1000, "batch_size": 4, "context": 32, "peak_learning_rate": 0.01, "schedule": "wsd"},
    "data": [{"tokenizer": "0" * 64, "text/tokens/train.bin": "1" * 64}],
    "git_commits": [None],
    "versions": [{"torch": "2.13.0"}],
    "processors": ["a CPU"],
    "gpus": [[]],
}


def logistic(size, ratio, sharpness=4.0):
    """A transition whose critical ratio at 40 % is .4 · 10,000 / size."""
    if ratio == 0:
        return 0.0
    threshold = 0.4 * 10_000 / SIZES[size]
    return 1 / (1 + 1.5 * (threshold / ratio) ** sharpness)


def study(accuracy=logistic, people=200, seeds=1, diverged=(), rng_seed=0, ratios=RATIOS, sizes=tuple(SIZES)):
    """The table of runs and that of people of a study with binomial answers of the given accuracy."""
    rng = np.random.default_rng(rng_seed)
    rows, answers = [], []
    for size, parameters in ((size, SIZES[size]) for size in sizes):
        for ratio in ratios:
            for seed in range(seeds):
                lost = (size, ratio, seed) in diverged
                correct = rng.binomial(5, accuracy(size, ratio), size=(people, len(ATTRIBUTES)))
                means = {f"accuracy_{a}": correct[:, i].mean() / 5 for i, a in enumerate(ATTRIBUTES)}
                cell = {"size": size, "parameters": parameters, "ratio": ratio, "seed": seed, "tokens": 1000}
                cell |= {"exposures": 12.0, "accuracy": correct.mean() / 5, "floor": FLOOR, **means}
                cell |= {"dense_loss": 2.0 - accuracy(size, ratio), "base_loss": 3.0, "diverged": lost, "seconds": 3.0}
                rows.append(cell)
                if not lost:
                    for i, attribute in enumerate(ATTRIBUTES):
                        part = {"size": size, "ratio": ratio, "seed": seed, "attribute": attribute, "asked": 5}
                        answers.append(pd.DataFrame({**part, "person": range(people), "correct": correct[:, i]}))
    table = pd.DataFrame(rows)
    measured = [name for name in table if name.startswith("accuracy") or name.endswith("loss") or name == "floor"]
    table.loc[table["diverged"], measured] = np.nan
    return table, pd.concat(answers, ignore_index=True)


def accuracies(table, people, seed=0):
    return Accuracies(table, people, **RESAMPLING | {"seed": seed})


def cells_of(table):
    """The table of runs as ``cells.csv`` has it."""
    attributes = {f"accuracy_{a}": f"accuracy.facts.{a}" for a in ATTRIBUTES}
    names = {"accuracy": "accuracy.facts", "floor": "floor.facts", "exposures": "epochs.facts", **attributes}
    return table.rename(columns={**names, "dense_loss": "loss.facts", "base_loss": "loss.text"})


def curves_of(table):
    """Three evaluation points of every run that did not diverge, as ``curves.csv`` has them."""
    kept = table[~table["diverged"]]
    parts = [kept.assign(step=t, tokens=250 * t, accuracy=kept["accuracy"] * t / 4) for t in (1, 2, 4)]
    curves = cells_of(pd.concat(parts))
    return curves[["size", "ratio", "seed", "step", "tokens", "loss.text", "loss.facts", "accuracy.facts"]]


def write_transition(folder: Path, table, people, facts=FACTS):
    """The tables of a transition study, made of the given ones, in ``folder``."""
    data = accuracies(table, people)
    write_csv(folder / "cells.csv", cells_of(table))
    write_csv(folder / "curves.csv", curves_of(table))
    write_csv(folder / "transition.csv", table)
    write_parquet(folder / "people.parquet", people)
    write_csv(folder / "accuracy.csv", accuracy_intervals(data))
    write_csv(folder / "critical.csv", critical_points(data, OPTIONS["critical_accuracy"]))
    write_csv(folder / "a_table_1.csv", transition_tables.a_table_1(table))
    write_csv(folder / "a_table_2.csv", transition_tables.a_table_2(table))
    write_json(folder / "facts.json", facts)


def write_results(results: Path, experiment: str, table, people) -> Cells:
    """What a study leaves before its kind's tables are made: the generic ones, and the answers of every cell."""
    keys = [CellKey.of(size=row.size, ratio=row.ratio, seed=row.seed) for row in table.itertuples(index=False)]
    cells = Cells(keys, *(results / stage / experiment for stage in ("runs", "evaluations", "trunks")))
    for key in keys:
        where = pd.Series(True, index=people.index)
        for axis, value in key.pairs:
            where &= people[axis] == value
        asked = people[where]
        asked = asked.loc[asked.index.repeat(asked["asked"])]
        template = asked.groupby(level=0).cumcount()
        answers = pd.DataFrame(
            {
                "source": "facts",
                "subject": asked["person"],
                "attribute": asked["attribute"],
                "template": template,
                "shown": template < 3,
                "correct": template < asked["correct"],
            }
        )
        write_parquet(cells.evaluation(key) / "answers.parquet", answers)
    folder = results / "tables" / experiment
    write_csv(folder / "cells.csv", cells_of(table))
    write_csv(folder / "curves.csv", curves_of(table))
    write_json(folder / "facts.json", FACTS)
    return cells


def horizons_table(sizes=tuple(SIZES), ratios=RATIOS, tokens=(1000, 2000, 4000), seeds=1, lost=()):
    """The table of runs of a study of horizons; ``lost`` (size, ratio, tokens) diverged with every seed."""
    rows = [
        {
            "size": size,
            "parameters": SIZES[size],
            "ratio": ratio,
            "seed": seed,
            "tokens": count,
            "exposures": 1.0,
            "accuracy": np.nan if gone else logistic(size, ratio) * count / max(tokens),
            "floor": FLOOR,
            "dense_loss": 1.0,
            "base_loss": 3.0,
            "diverged": gone,
            "seconds": 1.0,
        }
        for size in sizes
        for ratio in ratios
        for count in tokens
        for seed in range(seeds)
        for gone in [(size, ratio, count) in lost]
    ]
    return pd.DataFrame(rows)


def write_horizons(folder: Path, **options):
    """The tables of a study of horizons in ``folder``."""
    table = horizons_table(**options)
    write_csv(folder / "horizons.csv", table)
    write_json(folder / "facts.json", FACTS)
    return table

"""Made-up studies: their tables, and their results as the first stages of the workflow leave them."""

import math
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import Shares
from phasemix.base.files import write_csv, write_json, write_parquet
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.transition import tables as transition_tables
from phasemix.study.cell_key import CellKey

SIZES = {"10k": 10_000, "20k": 20_000, "40k": 40_000}
RATIOS = [0.05, 0.1, 0.2, 0.4, 0.8]
ATTRIBUTES = ("birth_date", "birth_city", "university", "major", "employer")
RESAMPLING = {"bootstrap": 200, "confidence": 0.95, "seed": 0}
OPTIONS = {
    "dense": "facts", "base": "text", "questions": "all", "tokens": 1000, "critical_accuracy": 0.4, **RESAMPLING,
}  # fmt: skip
FLOOR = 0.076
BITS = 5.0  # of every attribute
ALL_BITS = BITS * len(ATTRIBUTES)
TOKENS = 1000
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


def study(
    accuracy=logistic,
    people=200,
    seeds=1,
    diverged=(),
    rng_seed=0,
    ratios=RATIOS,
    sizes=tuple(SIZES),
    tokens=(TOKENS,),
    exposures=200.0,
):
    """The table of runs and that of people of a study with binomial answers of the given accuracy.

    Of every value such a share of its bits is known as of its five questions are answered. ``exposures`` are those at
    r = .1 after :data:`TOKENS` tokens.
    """
    rng = np.random.default_rng(rng_seed)
    rows, answers = [], []
    cells = product(((size, SIZES[size]) for size in sizes), ratios, range(seeds), tokens)
    for (size, parameters), ratio, seed, count in cells:
        lost = (size, ratio, seed) in diverged
        correct = rng.binomial(5, accuracy(size, ratio), size=(people, len(ATTRIBUTES)))
        share = correct.mean() / 5
        by_attribute = dict(zip(ATTRIBUTES, correct.mean(axis=0) / 5, strict=True))
        cell = {"size": size, "parameters": parameters, "ratio": ratio, "seed": seed, "tokens": count}
        cell |= {"subjects": people, "exposures": exposures * ratio / 0.1 * count / TOKENS, "accuracy": share}
        cell |= {"floor": FLOOR, "knowledge": ALL_BITS * share, "knowledge_floor": 0.5}
        cell |= {f"accuracy_{attribute}": each for attribute, each in by_attribute.items()}
        cell |= {"dense_loss": 2.0 - accuracy(size, ratio), "base_loss": 3.0, "known": share}
        cell |= {"bits_per_parameter": ALL_BITS * share * people / parameters}
        cell |= {"load": ALL_BITS * people / (2 * parameters)}
        cell |= {f"known_{attribute}": each for attribute, each in by_attribute.items()}
        rows.append(cell | {"diverged": lost, "seconds": 3.0})
        if not lost:
            for i, attribute in enumerate(ATTRIBUTES):
                part = {"size": size, "ratio": ratio, "seed": seed, "tokens": count, "attribute": attribute, "asked": 5}
                known = {"knowledge": BITS * correct[:, i] / 5, "entropy": BITS}
                answers.append(pd.DataFrame({**part, "person": range(people), "correct": correct[:, i], **known}))
    table = pd.DataFrame(rows)
    about = (
        "accuracy",
        "known",
        "knowledge",
        "floor",
        "bits_per_parameter",
        "load",
        "subjects",
        "dense_loss",
        "base_loss",
    )
    measured = [name for name in table if name.startswith(about)]
    table[measured] = table[measured].astype(float)
    table.loc[table["diverged"], measured] = np.nan
    return table, pd.concat(answers, ignore_index=True)


def accuracies(table, people, seed=0):
    return Shares(table, people, **RESAMPLING | {"seed": seed})


def cells_of(table):
    """The table of runs as ``cells.csv`` has it."""
    named = {"subjects": "subjects", "accuracy": "accuracy", "floor": "floor", "exposures": "epochs"}
    named |= {"knowledge": "knowledge", "knowledge_floor": "knowledge_floor"}
    renamed = {name: f"{column}.facts" for name, column in named.items()}
    renamed |= {f"accuracy_{a}": f"accuracy.facts.{a}" for a in ATTRIBUTES}
    whole = {"entropy.facts": ALL_BITS} | {f"entropy.facts.{a}": BITS for a in ATTRIBUTES}
    whole |= {f"knowledge.facts.{a}": BITS * table[f"known_{a}"] for a in ATTRIBUTES}
    made = ["known", *(f"known_{a}" for a in ATTRIBUTES), "bits_per_parameter", "load"]
    cells = table.assign(**whole).drop(columns=made)
    return cells.rename(columns={**renamed, "dense_loss": "loss.facts", "base_loss": "loss.text"})


def curves_of(table):
    """Three evaluation points of every run that did not diverge, as ``curves.csv`` has them."""
    kept = table[~table["diverged"]]
    parts = [kept.assign(step=t, tokens=250 * t, accuracy=kept["accuracy"] * t / 4) for t in (1, 2, 4)]
    curves = cells_of(pd.concat(parts))
    columns = [
        "size",
        "ratio",
        "seed",
        "step",
        "tokens",
        "loss.text",
        "loss.facts",
        "accuracy.facts",
        "knowledge.facts",
    ]
    return curves[columns]


def write_transition(folder: Path, table, people, facts=FACTS):
    """The tables of a transition study, made of the given ones, in ``folder``."""
    write_csv(folder / "cells.csv", cells_of(table))
    write_csv(folder / "curves.csv", curves_of(table))
    write_json(folder / "facts.json", facts)
    transition_tables.write_from(table, people, OPTIONS, folder)


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
                "loss": math.log(2) * (asked["entropy"] - asked["knowledge"]),
            }
        )
        write_parquet(cells.evaluation(key) / "answers.parquet", answers)
        entropy = {"": ALL_BITS, **dict.fromkeys(ATTRIBUTES, BITS)}
        write_json(cells.evaluation(key) / "summary.json", {"tokens": TOKENS, "entropy": {"facts": entropy}})
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

"""Made-up studies: their tables, and their results as the first stages of the workflow leave them."""

import math
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import Shares
from phasemix.analysis.power_law_fits import SizeLaw
from phasemix.base.files import write_csv, write_json, write_parquet
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.threshold import tables as threshold_tables
from phasemix.experiments.transition import tables as transition_tables
from phasemix.model import flops_per_token
from phasemix.study.cell import Architecture
from phasemix.study.cell_key import CellKey
from phasemix.tasks.synbio.groups import Groups

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
    "spelling": {},
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
    sizes=None,
    parameters=SIZES,
    tokens=(TOKENS,),
    exposures=200.0,
):
    """The table of runs and that of people of a study with binomial answers of the given accuracy.

    Of every value such a share of its bits is known as of its five questions are answered. ``exposures`` are those at
    r = .1 after :data:`TOKENS` tokens.
    """
    rng = np.random.default_rng(rng_seed)
    rows, answers = [], []
    cells = product(sizes or parameters, ratios, range(seeds), tokens)
    for size, ratio, seed, count in cells:
        lost = (size, ratio, seed) in diverged
        correct = rng.binomial(5, accuracy(size, ratio), size=(people, len(ATTRIBUTES)))
        share = correct.mean() / 5
        by_attribute = dict(zip(ATTRIBUTES, correct.mean(axis=0) / 5, strict=True))
        cell = {"size": size, "parameters": parameters[size], "ratio": ratio, "seed": seed, "tokens": count}
        cell |= {"subjects": people, "exposures": exposures * ratio / 0.1 * count / TOKENS, "accuracy": share}
        cell |= {"floor": FLOOR, "knowledge": ALL_BITS * share, "knowledge_floor": 0.5}
        cell |= {f"accuracy_{attribute}": each for attribute, each in by_attribute.items()}
        cell |= {"dense_loss": 2.0 - accuracy(size, ratio), "base_loss": 3.0, "known": share}
        cell |= {"bits_per_parameter": ALL_BITS * share * people / parameters[size]}
        cell |= {"load": ALL_BITS * people / (2 * parameters[size])}
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


HORIZON_OPTIONS = OPTIONS | {"levels": [0.2, 0.4, 0.6], "fitted_from": 0.3, "linear_above": 0.4, "budget": TOKENS}


def rising(size, ratio, tokens):
    """An accuracy that grows evenly with the tokens to that of :func:`logistic` at 4,000."""
    return logistic(size, ratio) * tokens / (4 * TOKENS)


def learned_after(needed):
    """Accuracy that is 40 % after ``needed(ratio)`` tokens; far below these it is that of guessing."""
    return lambda size, ratio, tokens: max(FLOOR, 1 / (1 + 1.5 * (needed(ratio) / tokens) ** 3))


def horizons_table(
    accuracy=rising,
    sizes=tuple(SIZES),
    ratios=RATIOS,
    tokens=(1000, 2000, 4000),
    seeds=1,
    lost=(),
    spread=0.0,
    people=200,
    exposures=200.0,
):
    """The table of runs of a study of horizons; ``lost`` (size, ratio, tokens) diverged with every seed.

    Seeds differ by the factor 1 + ``spread``; ``exposures`` are those at r = .1 after :data:`TOKENS` tokens.
    """
    rows = []
    for size, ratio, count, seed in product(sizes, ratios, tokens, range(seeds)):
        gone = (size, ratio, count) in lost
        share = np.nan if gone else accuracy(size, ratio, count) * (1 + spread * (seed - (seeds - 1) / 2))
        bits = np.nan if gone else max(0.0, share - FLOOR) / (1 - FLOOR)
        by_attribute = {f"accuracy_{a}": share for a in ATTRIBUTES}
        row = {"size": size, "parameters": SIZES[size], "ratio": ratio, "seed": seed, "tokens": count}
        row |= {"subjects": people, "exposures": exposures * ratio / 0.1 * count / TOKENS, "accuracy": share}
        row |= {"floor": FLOOR, "knowledge": ALL_BITS * bits, "knowledge_floor": 0.5, **by_attribute}
        row |= {"dense_loss": 1.0, "base_loss": 3.0, "known": bits}
        row |= {"bits_per_parameter": ALL_BITS * bits * people / SIZES[size]}
        row |= {"load": ALL_BITS * people / (2 * SIZES[size])} | {f"known_{a}": bits for a in ATTRIBUTES}
        rows.append(row | {"diverged": gone, "seconds": 1.0})
    return pd.DataFrame(rows)


def write_horizons(folder: Path, **options):
    """The tables of a study of horizons in ``folder``."""
    from phasemix.experiments.horizon import tables

    table = horizons_table(**options)
    tables.write_from(table, HORIZON_OPTIONS, folder)
    write_json(folder / "facts.json", FACTS)
    return table


WIDTHS = {"23k": 16, "39k": 24, "58k": 32, "106k": 48, "236k": 80}  # of layers that threshold studies have two of
GROUPS = {"count": 20, "exponent": 1.5}
RATIO = 0.2  # at which threshold studies show people
THRESHOLD_OPTIONS = {"dense": "facts", "base": "text", "questions": "all", "threshold_accuracy": 0.8, **RESAMPLING}
WEB_LAW = SizeLaw(2.0, 0.6, 0.4)  # of sizes in millions


def threshold_architecture(size):
    return Architecture(layers=2, width=WIDTHS[size], heads=2, tied=True)


def threshold_runs(sizes=tuple(WIDTHS), seeds=3, non_embedding=None):
    """Every size with every seed; ``non_embedding`` parameters are that share of all, or those of the architecture."""
    rows = []
    for size, seed in product(sizes, range(seeds)):
        counts = [flops_per_token.parameters(threshold_architecture(size), vocabulary) for vocabulary in (1024, 0)]
        own = counts[1] if non_embedding is None else non_embedding * counts[0]
        rows.append({"size": size, "parameters": counts[0], "non_embedding": own, "seed": seed})
    return pd.DataFrame(rows)


def threshold_of(count, slope, at=0.002):
    """A frequency that falls as a power of the parameters and is ``at`` for the size in the middle, 58k."""
    return at * (count / flops_per_token.parameters(threshold_architecture("58k"), 1024)) ** slope


def thresholds(slope=-1.4, noise=0.05, bend=0.0, off=(), rng_seed=0, at=0.002, **options):
    """``thresholds.csv`` of a study whose thresholds lie on no group; sizes in ``off`` have one run above all groups.

    ``bend`` is the coefficient of the squared logarithm of size, ``noise`` the standard deviation of log thresholds.
    """
    runs = threshold_runs(**options)
    log = np.log(runs["parameters"] / runs["parameters"].median())
    shaken = noise * np.random.default_rng(rng_seed).standard_normal(len(runs))
    frequency = threshold_of(runs["parameters"], slope, at) * np.exp(shaken + bend * log**2)
    above = runs["size"].isin(off) & (runs["seed"] == 0)
    both = {"threshold": frequency, "crossing": frequency}
    standing = dict.fromkeys(("threshold_standing", "crossing_standing"), np.where(above, "above", "on"))
    return runs.assign(ratio=RATIO, group=1, **both, **standing)


def web_losses(exponent=0.4, noise=0.0005, between=0.0, rng_seed=1, **options):
    """``web.csv`` of a study whose loss is :data:`WEB_LAW` with this exponent; noise of runs, and ``between`` sizes."""
    runs = threshold_runs(**options)
    rng = np.random.default_rng(rng_seed)
    law = SizeLaw(WEB_LAW.irreducible, WEB_LAW.factor, exponent)
    shared = runs["size"].map({size: between * rng.standard_normal() for size in WIDTHS})
    shaken = np.exp(noise * rng.standard_normal(len(runs)) + shared)
    return runs.assign(loss=law.loss(runs["parameters"].to_numpy(float) / 1e6) * shaken)


def threshold_study(slope=-1.4, noise=0.03, at=0.002, people=200, diverged=(), ratios=(0.0, RATIO), **options):
    """The table of runs and that of people of a study of the threshold frequency, as :func:`study` has them.

    A group's accuracy crosses 80 % where its frequency is the run's threshold; ``diverged`` (size, ratio, seed).
    """
    rng = np.random.default_rng(0)
    proportions = np.array(Groups(**GROUPS).proportions)
    together = people // len(proportions)
    losses = web_losses(**options).set_index(["size", "seed"])["loss"]
    rows, answers = [], []
    for run, ratio in product(threshold_runs(**options).itertuples(index=False), ratios):
        threshold = threshold_of(run.parameters, slope, at) * np.exp(noise * rng.standard_normal())
        with np.errstate(divide="ignore"):
            share = 1 / (1 + 0.25 * (threshold * together / (ratio * proportions)) ** 6)
        correct = rng.binomial(5, np.repeat(share, together)[:, None], size=(people, len(ATTRIBUTES)))
        lost = (run.size, ratio, run.seed) in diverged
        mean = correct.mean() / 5
        cell = {"size": run.size, "parameters": run.parameters, "ratio": ratio, "seed": run.seed, "tokens": TOKENS}
        cell |= {"subjects": people, "exposures": 1000.0 * ratio, "accuracy": mean, "floor": FLOOR}
        cell |= {"knowledge": ALL_BITS * mean, "knowledge_floor": 0.5, "dense_loss": 1.0, "known": mean}
        cell |= {f"{what}_{attribute}": mean for what in ("accuracy", "known") for attribute in ATTRIBUTES}
        cell |= {"base_loss": losses[run.size, run.seed] + 0.1 * ratio, "bits_per_parameter": 0.0, "load": 0.0}
        rows.append(cell | {"diverged": lost, "seconds": 3.0})
        for i, attribute in enumerate(ATTRIBUTES if not lost else ()):
            part = {"size": run.size, "ratio": ratio, "seed": run.seed, "tokens": TOKENS, "attribute": attribute}
            known = {"knowledge": BITS * correct[:, i] / 5, "entropy": BITS}
            counts = {"asked": 5, "person": range(people), "correct": correct[:, i]}
            answers.append(pd.DataFrame({**part, **counts, **known}))
    return pd.DataFrame(rows), pd.concat(answers, ignore_index=True)


def write_threshold(results: Path, experiment="made_up", **options):
    """The folder of the tables of a study of the threshold frequency, made from its cells, answers and manifests."""
    table, people = threshold_study(**options)
    cells = write_results(results, experiment, table, people)
    for key in cells.keys:
        cell = {"architecture": threshold_architecture(key.size).model_dump(), "sources": {"facts": {"groups": GROUPS}}}
        write_json(cells.run(key) / "manifest.json", {"cell": cell})
    folder = results / "tables" / experiment
    threshold_tables.write(cells, THRESHOLD_OPTIONS, folder)
    return folder


def knapsack_study(known, sizes, people, rng_seed=0, ratios=RATIOS, seeds=2, tokens_per_person=60.0, **options):
    """The table of runs and that of persons of ``people``, of whom ``known(parameters, people, ratio)`` is known.

    ``sizes`` are parameters by name; the tables have the columns ``people`` too.
    """
    tables, everybody = [], []
    exposures = TOKENS * 0.1 / (people * tokens_per_person)
    for place, (size, parameters) in enumerate(sizes.items()):
        table, persons = study(
            lambda _, ratio, parameters=parameters: known(parameters, people, ratio),
            people=people,
            sizes=["10k"],
            rng_seed=100 * rng_seed + place,
            ratios=ratios,
            seeds=seeds,
            exposures=exposures,
            **options,
        )
        scale = SIZES["10k"] / parameters
        full = {name: scale * table[name] for name in ("load", "bits_per_parameter")}
        tables.append(table.assign(size=size, parameters=parameters, people=people, **full))
        everybody.append(persons.assign(size=size, people=people))
    return pd.concat(tables, ignore_index=True), pd.concat(everybody, ignore_index=True)


def people_cells_of(tables):
    """The tables of runs, by the number of people, as ``cells.csv`` has them together."""
    parts = []
    for people, table in tables.items():
        own = cells_of(table)
        own = own.rename(columns={name: name.replace(".facts", f".facts-{people}") for name in own})
        parts.append(own.assign(**{f"mix.facts-{people}": own["ratio"], "mix.text": 1 - own["ratio"]}))
    return pd.concat(parts, ignore_index=True)


def people_options(counts):
    return OPTIONS | {"dense": {str(people): f"facts-{people}" for people in counts}}


def write_people(folder: Path, studies, facts=FACTS):
    """The tables of a study of numbers of people in ``folder``, made of those of each (:func:`knapsack_study`)."""
    from phasemix.experiments.people import findings, tables

    cells = people_cells_of({people: table for people, (table, _) in studies.items()})
    options = people_options(studies)
    write_csv(folder / "cells.csv", cells)
    write_json(folder / "facts.json", facts)
    persons = pd.concat([persons for _, persons in studies.values()], ignore_index=True)
    tables.write_from(tables.people_cells(cells, options["dense"], "text"), persons, options, folder)
    write_json(folder / "findings.json", findings.measure(folder, options))
    return options


def write_web(folder: Path, loss, sizes, seeds=3, noise=0.002, rng_seed=0):
    """``cells.csv`` of an experiment that has web-only cells; ``loss`` is in nats per token of parameters."""
    rng = np.random.default_rng(rng_seed)
    rows = [
        {"size": size, "parameters": parameters, "ratio": ratio, "seed": seed, "tokens": TOKENS, "diverged": False}
        | {"mix.facts": ratio, "mix.text": 1 - ratio, "loss.facts": 5.0}
        | {"loss.text": loss(parameters) * np.exp(noise * rng.standard_normal()) + ratio}
        for size, parameters in sizes.items()
        for ratio in (0.0, 0.5)
        for seed in range(seeds)
    ]
    write_csv(folder / "cells.csv", pd.DataFrame(rows))

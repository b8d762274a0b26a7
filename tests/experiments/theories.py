"""Studies made of a theory with known constants: what its learner, or another, would leave to be measured."""

from pathlib import Path

from phasemix.base.files import write_csv, write_json, write_parquet
from phasemix.experiments.theory import findings, tables
from phasemix.experiments.theory.tables import Tables
from phasemix.theory.sized_learner import SizedLearner
from tests.experiments.made_up import (
    ALL_BITS,
    RESAMPLING,
    TOKENS,
    cells_of,
    knapsack_study,
    write_people,
    write_web,
)

TOKENS_PER_PERSON = 60.0
TRUTH = SizedLearner(2.3, 6.6 * 1000**0.43, 0.43, ALL_BITS, TOKENS_PER_PERSON, 0.4)
SIZES = {"23k": 23_000, "39k": 39_000, "58k": 58_000, "106k": 106_000, "166k": 166_000}
RATIOS = [0.04, 0.05, 0.065, 0.08, 0.1, 0.125, 0.16, 0.2, 0.25, 0.32, 0.4, 0.5, 0.6, 0.7, 0.8]
FEW = RESAMPLING | {"bootstrap": 60}
CALIBRATION = {"size": "39k", "people": 150}


def truth(parameters, people, ratio):
    """What the learner knows, not quite nothing and not quite all."""
    return 0.02 + 0.96 * float(TRUTH.known(parameters, people, ratio))


def of_exposures(parameters, people, ratio):
    """A law without capacity: what is known rises with exposures alone, whatever the size."""
    return ratio / (ratio + 0.2 * people / 150)


def write_theory(folder: Path, known=truth, people=(75, 300, 600), predict=(), seeds=2, sizes=SIZES):
    """A web-only, a transition and a people experiment below ``folder``, and the theory's tables, which"
    " are compared."""
    read = {name: folder / name for name in ("threshold", "transition", "people")}
    write_web(read["threshold"], lambda size: TRUTH.irreducible + TRUTH.factor * size**-TRUTH.exponent, SIZES)
    write_transition_read(read["transition"], known, sizes, seeds)
    measured = ["transition"]
    if people:
        some = {size: sizes[size] for size in ("58k", "106k") if size in sizes}
        write_people(
            read["people"],
            {count: knapsack_study(known, some, count, rng_seed=count, ratios=RATIOS) for count in people},
        )
        measured.append("people")
    return compare(folder, measured, predict)


def write_transition_read(folder: Path, known, sizes, seeds):
    """What the theory reads of a transition study with 150 people."""
    table, persons = knapsack_study(known, sizes, 150, rng_seed=1, ratios=[0.0, *RATIOS], seeds=seeds)
    cells = cells_of(table).drop(columns="people")
    write_csv(folder / "cells.csv", cells.assign(**{"mix.facts": cells["ratio"], "mix.text": 1 - cells["ratio"]}))
    write_csv(folder / "transition.csv", table.drop(columns="people"))
    write_parquet(folder / "people.parquet", persons.drop(columns="people"))
    write_json(folder / "findings.json", {"tokens": TOKENS})


def compare(folder: Path, measured, predict=(), into="theory"):
    """The theory's tables and options, of experiments that stand below ``folder``."""
    reads = {name: str(folder / name) for name in ("threshold", *measured)}
    options = {"web": "threshold", "measured": measured, "calibration": CALIBRATION, "predict": list(predict)}
    options |= {"reads": reads, **FEW}
    tables.write(None, options, folder / into)
    write_json(folder / into / "findings.json", findings.measure(folder / into, options))
    return Tables.read(folder / into, options), options

"""How often the 95 % intervals of every law hold the truth, under three kinds of noise: make bench.

Runs of known parameters are given relative noise of 1 %, whose variance lies between runs (90 %), within them, or half
and half. Of every formula, these are runs of its own; the step law, kriging and trees have worlds of their own. Prints
the share of parameters and of predicted mean losses that lie within their intervals, and writes ``coverage.csv``.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.base.files import write_csv
from phasemix.fitting.capacity_formula import Roles
from phasemix.laws import load_law
from tests.laws.shared_capacity import BROAD, FACTUAL, capacity_runs, true_parameters
from tests.laws.test_regmix_lightgbm import threshold_runs
from tests.laws.test_step_law import step_runs
from tests.laws.truth import FORMULAS, STEPS, noisy, truth

KINDS = {"between runs": 0.9, "within runs": 0.0, "half and half": 0.5}
NOISE = 0.01
MIXTURES = 32

Trial = Callable[[np.random.Generator, float], tuple[list[bool], float]]
"""From random numbers and the share of the noise that lies between runs to which parameters lie within their intervals,
and the share of predictions that do."""


def held(low: np.ndarray, value: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Where values lie within their intervals."""
    return np.asarray((low <= value) & (value <= high))


def covered(table: pd.DataFrame, true: np.ndarray) -> list[bool]:
    """Of the identified parameters of :meth:`phasemix.fitting.law.Fit.parameters`, which lie within their intervals."""
    inside = held(table["low"].to_numpy(), true, table["high"].to_numpy())
    return [bool(each) for each in inside[table["identified"].to_numpy(bool)]]


def of_formula(name: str) -> Trial:
    """A formula on runs of its own."""
    known = truth(name, mixtures=MIXTURES)

    def trial(rng: np.random.Generator, between: float) -> tuple[list[bool], float]:
        fit = load_law(name).fit(noisy(known.runs, NOISE, rng, between))
        table = fit.parameters()
        inside = covered(table, known.parameters.ravel())
        low, high = fit.interval(known.runs)
        return inside, float(held(low, known.runs.loss, high).mean())

    return trial


def of_kriging() -> Trial:
    """Mixtures that were not fitted, of runs of the transfer law."""
    known = truth("transfer", mixtures=30).runs
    rows, unseen = np.isin(known.step, STEPS[::2]), known.mixture_numbers >= 24
    asked = known.rows(rows & unseen)

    def trial(rng: np.random.Generator, between: float) -> tuple[list[bool], float]:
        low, high = load_law("kriging").fit(noisy(known, NOISE, rng, between).rows(rows & ~unseen)).interval(asked)
        return [], float(held(low, asked.loss, high).mean())

    return trial


def of_trees() -> Trial:
    """Losses that jump at thresholds, at four steps of every run, of one domain."""
    once = threshold_runs().of_targets(("a",))
    rows = np.repeat(np.arange(100), 4)
    clean = replace(once.rows(rows), step=np.tile([1.0, 2.0, 3.0, 4.0], 100) * 1000)

    def trial(rng: np.random.Generator, between: float) -> tuple[list[bool], float]:
        low, high = load_law("regmix-lightgbm").fit(noisy(clean, NOISE, rng, between)).interval(clean)
        return [], float(held(low, clean.loss, high).mean())

    return trial


def of_step_law() -> Trial:
    """Every run's own curve, the noise between runs being a part of it."""
    clean = step_runs(np.random.default_rng(3))

    def trial(rng: np.random.Generator, between: float) -> tuple[list[bool], float]:
        shaken = noisy(clean, NOISE, rng)
        factor = 1 + NOISE * np.sqrt(between) * rng.normal(size=(int(clean.run_numbers.max()) + 1, 1))
        own = replace(clean, loss=clean.loss * factor[clean.run_numbers])
        fit = load_law("step-law").fit(replace(own, loss=own.loss * shaken.loss / clean.loss))
        table = fit.parameters()
        true = np.stack([60 * factor[:, 0], np.full(len(factor), 0.6), 2 * factor[:, 0]], axis=1).ravel()
        inside = covered(table, true)
        low, high = fit.interval(clean)
        return inside, float(held(low, own.loss, high).mean())

    return trial


def of_shared_capacity(name: str, roles: Roles) -> Trial:
    """A law of shared capacity on runs of its own; recall accuracies are exact."""
    clean, true = capacity_runs(roles, mixtures=MIXTURES), true_parameters(roles)

    def trial(rng: np.random.Generator, between: float) -> tuple[list[bool], float]:
        fit = load_law(name).fit(noisy(clean, NOISE, rng, between))
        low, high = fit.interval(clean)
        return covered(fit.parameters(), true), float(held(low, clean.loss, high).mean())

    return trial


def trials() -> Iterator[tuple[str, Trial]]:
    """Every law and its trial."""
    for name in FORMULAS:
        yield name, of_formula(name)
    yield "capacity-allocation", of_shared_capacity("capacity-allocation", BROAD)
    yield "cliff", of_shared_capacity("cliff", FACTUAL)
    yield "kriging", of_kriging()
    yield "regmix-lightgbm", of_trees()
    yield "step-law", of_step_law()


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=25, help="of noise, for every law and kind")
    parser.add_argument("--laws", nargs="*", help="names; all by default")
    parser.add_argument("--out", type=Path, default=Path("coverage.csv"))
    args = parser.parse_args()
    rows = []
    for name, trial in trials():
        for kind, between in KINDS.items() if not args.laws or name in args.laws else ():
            rng = np.random.default_rng(1)
            found = [trial(rng, between) for _ in range(args.draws)]
            inside = [each for one, _ in found for each in one]
            parameters = float(np.mean(inside)) if inside else np.nan
            predictions = float(np.mean([share for _, share in found]))
            rows.append({"law": name, "noise": kind, "parameters": parameters, "predictions": predictions})
            told = "" if np.isnan(parameters) else f"{100 * parameters:5.1f} %"
            print(f"{name:<16} {kind:<14} parameters {told:<8} predictions {100 * predictions:5.1f} %", flush=True)
    write_csv(args.out, pd.DataFrame(rows))


if __name__ == "__main__":
    main()

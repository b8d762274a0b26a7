"""How often the 95 % intervals of every law hold the truth, under three kinds of noise: make bench.

Runs of known parameters are given relative noise of 1 %, whose variance lies between runs (90 %), within them, or half
and half. Of every formula, these are runs of its own; the step law, kriging and trees have worlds of their own. Prints
the share of parameters that lie within their intervals, and of predicted mean losses: at the fitted runs, at mixtures
that were not fitted, and at three times the largest size; and writes ``coverage.csv``. Where a law prints no interval
there is no share.
"""

import argparse
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.base.files import write_csv
from phasemix.fitting.capacity_formula import Roles
from phasemix.fitting.runs import Runs
from phasemix.laws import load_law
from tests.laws.shared_capacity import BROAD, FACTUAL, capacity_runs, true_parameters
from tests.laws.shared_capacity import SIZES as CAPACITY_SIZES
from tests.laws.test_regmix_lightgbm import threshold_runs
from tests.laws.test_step_law import step_runs
from tests.laws.truth import FORMULAS, SIZES, STEPS, noisy, truth

KINDS = {"between runs": 0.9, "within runs": 0.0, "half and half": 0.5}
NOISE = 0.01
MIXTURES, NEW = 32, 16
LARGER = 3.0
PLACES = FITTED, UNSEEN, LARGE = ("at the runs", "new mixtures", "3 × size")

Shares = dict[str, float]
Trial = Callable[[np.random.Generator, float], tuple[list[bool], Shares]]
"""From random numbers and the share of the noise that lies between runs to which parameters lie within their intervals,
and the share of predictions that do, by place."""


def held(low: np.ndarray, value: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Where values lie within their intervals."""
    return np.asarray((low <= value) & (value <= high))


def covered(table: pd.DataFrame, true: np.ndarray) -> list[bool]:
    """Of the identified parameters of :meth:`phasemix.fitting.law.Fit.parameters`, which lie within their intervals."""
    inside = held(table["low"].to_numpy(), true, table["high"].to_numpy())
    return [bool(each) for each in inside[table["identified"].to_numpy(bool)]]


@dataclass(frozen=True)
class World:
    """Runs without noise.

    Attributes:
        law: that is fitted on them.
        runs: on which it is fitted.
        elsewhere: what it is asked about beside these, by place.
        parameters: its true ones, in the order of its table; None where it has none.
    """

    law: str
    runs: Runs
    elsewhere: dict[str, Runs]
    parameters: np.ndarray | None = None

    def trial(self, rng: np.random.Generator, between: float) -> tuple[list[bool], Shares]:
        """One fit under noise."""
        fit = load_law(self.law).fit(noisy(self.runs, NOISE, rng, between))
        shares = {}
        for place, asked in {FITTED: self.runs, **self.elsewhere}.items():
            low, high = fit.interval(asked)
            there = np.isfinite(low) & np.isfinite(high)
            shares[place] = float(held(low, asked.loss, high)[there].mean()) if there.any() else np.nan
        return [] if self.parameters is None else covered(fit.parameters(), self.parameters), shares


def world(law: str, runs: Runs, mixtures: int, parameters: np.ndarray | None = None) -> World:
    """One in which the first ``mixtures`` are fitted at all sizes but the largest."""
    known = runs.mixture_numbers < mixtures
    small = np.ones(len(runs), bool) if runs.size is None else runs.size < runs.size.max()
    elsewhere = {UNSEEN: runs.rows(~known & small)}
    if runs.size is not None:
        elsewhere[LARGE] = runs.rows(known & ~small)
    return World(law, runs.rows(known & small), elsewhere, parameters)


def with_larger(sizes: np.ndarray) -> np.ndarray:
    """Sizes, and one three times the largest."""
    return np.append(sizes, LARGER * sizes.max())


def of_formula(name: str) -> Trial:
    """A formula on runs of its own."""
    known = truth(name, mixtures=MIXTURES + NEW, sizes=with_larger(SIZES))
    return world(name, known.runs, MIXTURES, known.parameters.ravel()).trial


def of_kriging() -> Trial:
    """Runs of the transfer law at three steps."""
    known = truth("transfer", mixtures=30, sizes=with_larger(SIZES), steps=STEPS[::2])
    return world("kriging", known.runs, 24).trial


def of_trees() -> Trial:
    """Losses that jump at thresholds, at four steps of every run, of one domain."""
    once = threshold_runs().of_targets(("a",))
    rows = np.repeat(np.arange(150), 4)
    clean = replace(once.rows(rows), step=np.tile([1.0, 2.0, 3.0, 4.0], 150) * 1000)
    known = clean.run_numbers < 100
    return World("regmix-lightgbm", clean.rows(known), {UNSEEN: clean.rows(~known)}).trial


def of_step_law() -> Trial:
    """Every run's own curve, the noise between runs being a part of it."""
    clean = step_runs(np.random.default_rng(3))

    def trial(rng: np.random.Generator, between: float) -> tuple[list[bool], Shares]:
        shaken = noisy(clean, NOISE, rng)
        factor = 1 + NOISE * np.sqrt(between) * rng.normal(size=(int(clean.run_numbers.max()) + 1, 1))
        own = replace(clean, loss=clean.loss * factor[clean.run_numbers])
        fit = load_law("step-law").fit(replace(own, loss=own.loss * shaken.loss / clean.loss))
        table = fit.parameters()
        true = np.stack([60 * factor[:, 0], np.full(len(factor), 0.6), 2 * factor[:, 0]], axis=1).ravel()
        inside = covered(table, true)
        low, high = fit.interval(clean)
        return inside, {FITTED: float(held(low, own.loss, high).mean())}

    return trial


def of_shared_capacity(name: str, roles: Roles) -> Trial:
    """A law of shared capacity on runs of its own; recall accuracies are exact."""
    runs = capacity_runs(roles, mixtures=MIXTURES + NEW, sizes=with_larger(CAPACITY_SIZES))
    return world(name, runs, MIXTURES, true_parameters(roles)).trial


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
    warnings.simplefilter("ignore", RuntimeWarning)  # means of nothing are not numbers
    rows = []
    for name, trial in trials():
        for kind, between in KINDS.items() if not args.laws or name in args.laws else ():
            rng = np.random.default_rng(1)
            found = [trial(rng, between) for _ in range(args.draws)]
            inside = [each for one, _ in found for each in one]
            shares = {"parameters": float(np.mean(inside)) if inside else np.nan}
            shares |= {place: float(np.nanmean([s.get(place, np.nan) for _, s in found])) for place in PLACES}
            rows.append({"law": name, "noise": kind, **shares})
            told = (f"{place} {100 * share:5.1f} %" for place, share in shares.items() if not np.isnan(share))
            print(f"{name:<20} {kind:<14} " + " · ".join(told), flush=True)
    write_csv(args.out, pd.DataFrame(rows))


if __name__ == "__main__":
    main()

"""Synthetic runs of a law with known parameters: domains a, b, c, which are the loss domains too.

The parameters stand in the law's own test file, as ``TRUTH``: one row per loss domain.
"""

from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from phasemix.fitting.inputs import Inputs
from phasemix.fitting.law import Fit
from phasemix.fitting.nested import Nested
from phasemix.fitting.parametric import Parametric
from phasemix.fitting.runs import Runs
from phasemix.laws import NAMES, load_law
from tests.laws.shared_capacity import FACTUAL, capacity_runs

DOMAINS = ("a", "b", "c")
STEPS = np.geomspace(1_000, 50_000, 6)
SIZES = np.array([1e6, 1e7, 1e8])


def formula(name: str) -> Parametric | None:
    """The formula of a law, None if it has none."""
    law = load_law(name)
    law = law.inner if isinstance(law, Nested) else law
    return law if isinstance(law, Parametric) else None


FORMULAS = [name for name in NAMES if formula(name)]


def own_tests(name: str) -> ModuleType:
    """The test file of a law."""
    file = Path(__file__).with_name(f"test_{name.replace('-', '_')}.py")
    if not file.is_file():
        pytest.fail(f"the law {name} has no test file: add tests/laws/{file.name}; ARCHITECTURE.md says what it holds")
    return import_module(f"{__package__}.{file.stem}")


def parameters_of(name: str) -> np.ndarray:
    """The known parameters of a formula, shape (targets, p)."""
    truth = getattr(own_tests(name), "TRUTH", None)
    if truth is None:
        pytest.fail(f"the formula {name} has no known parameters: add TRUTH, a row for each of a, b, c, to its tests")
    return np.array(truth)


def value_at(name: str, parameters: list[float], mixture: tuple[float, ...] = (0.5, 0.25, 0.25)) -> float:
    """A formula's loss of domain b, to be worked out by hand: at step 16, size 81."""
    r = np.array([mixture])
    x = Inputs(r, r[:, 1:2], np.array([16.0]), np.array([81.0]))
    return float(formula(name).evaluate(np.array([parameters]), x)[0][0, 0])


@dataclass(frozen=True)
class Truth:
    """A formula, its parameters (targets, p) and runs without noise."""

    law: Parametric
    parameters: np.ndarray
    runs: Runs

    def noisy(self, noise: float, rng: np.random.Generator, between: float = 0.0) -> Runs:
        """The runs under noise."""
        return noisy(self.runs, noise, rng, between)


def noisy(runs: Runs, noise: float, rng: np.random.Generator, between: float = 0.0) -> Runs:
    """Runs under relative noise, of whose variance the share ``between`` is common to all rows of a run."""
    loss, run = runs.loss, runs.run_numbers
    own, common = rng.normal(size=loss.shape), rng.normal(size=(run.max() + 1, loss.shape[1]))[run]
    return replace(runs, loss=loss * (1 + noise * (np.sqrt(1 - between) * own + np.sqrt(between) * common)))


def truth(
    name: str, mixtures: int = 60, repeats: int = 1, sizes: np.ndarray = SIZES, steps: np.ndarray = STEPS
) -> Truth:
    """Runs of a formula: mixtures × the steps and sizes that it has terms for × repeats."""
    law = formula(name)
    rng = np.random.default_rng(0)
    mixture = rng.dirichlet(np.full(3, 0.4), size=mixtures)
    steps = steps if "step" in law.uses else np.array([1.0])
    sizes = sizes if "size" in law.uses else np.array([1.0])
    which, size, step, repeat = (
        grid.ravel() for grid in np.meshgrid(np.arange(mixtures), sizes, steps, np.arange(repeats), indexing="ij")
    )
    run = np.array([f"m{i}#{k}" for i, k in zip(which, repeat, strict=True)], dtype=object)
    x = Inputs(
        mixture[which],
        mixture[which].T if "own" in law.needs else None,
        step if "step" in law.uses else None,
        size if "size" in law.uses else None,
    )
    parameters = parameters_of(name)
    loss = law.evaluate(parameters, x)[0].T
    return Truth(law, parameters, Runs(run, DOMAINS, mixture[which], DOMAINS, loss, size=x.size, step=x.step))


@cache
def exact_fit(name: str) -> Fit:
    """A formula fitted on its own runs without noise; tests share it and leave it as it is."""
    return load_law(name).fit(truth(name).runs)


@cache
def noisy_fit(name: str) -> Fit:
    """Any law fitted on runs of the transfer law under noise; tests share it and leave it as it is.

    Laws of the mixture alone are fitted at each of the nine scales with the first three steps; kriging, whose time
    grows with the cube of the rows, sees no others.
    """
    runs = truth("transfer", mixtures=12).noisy(0.01, np.random.default_rng(0))
    if name == "cliff":  # which needs facts
        runs = noisy(capacity_runs(FACTUAL, mixtures=12), 0.01, np.random.default_rng(0))
    law = load_law(name)
    return law.fit(runs.rows(np.isin(runs.step, STEPS[:3])) if isinstance(law, Nested) or name == "kriging" else runs)

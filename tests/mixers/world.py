"""A made-up world of three domains in which the best mixture is known.

L_i = C_i + A_i·(r_i·D/D₀)^−α_i·(N/N₀)^−β: a domain's loss falls with the tokens of it that are read. The mean loss is
convex in r, so that its best mixture is found by descent; it changes with the tokens, as exponents differ.
"""

import numpy as np
from scipy.optimize import minimize

from phasemix.fitting.runs import Runs
from phasemix.search.mixer import Trial
from phasemix.search.problem import Domains, Problem, Scale

NAMES = ("web", "code", "books")
FLOOR, FALL, EXPONENT = np.array([1.5, 0.8, 1.8]), np.array([1.2, 0.3, 0.2]), np.array([0.25, 0.35, 0.2])
READ = (0.25, 0.5, 0.75, 1.0)  # of a run, where its losses are measured
DOMAINS = Domains(
    NAMES,
    tokens=np.array([6e6, 3e6, 1e6]),
    measures={
        "shannon": np.array([2.0, 1.0, 1.5]),
        "joint": np.array([2.0, 1.0, 1.5]),
        "conditional": np.array([2.0, 1.0, 1.5]),
        "von-neumann": np.array([2.0, 1.0, 1.5]),
        "utility": np.array([0.5, 0.2, 0.9]),
        "published": np.array([50.0, 30.0, 20.0]),
    },
)
PROBLEM = Problem(DOMAINS, target=Scale(1e5, 8e6), proxy=Scale(2e4, 2e6), runs=24)


def losses(mixture, scale=PROBLEM.target):
    """The losses on all domains, shape (3,); what is not read is as hard as at one in ten thousand."""
    read = np.maximum(mixture, 1e-4) * scale.tokens / 2e6
    return FLOOR + FALL * read**-EXPONENT * (scale.size / 2e4) ** -0.1


def objective(mixture):
    """The mean loss of the target's run."""
    return float(losses(np.asarray(mixture)).mean())


def best_mixture():
    """The best mixture."""
    found = minimize(
        objective,
        np.full(3, 1 / 3),
        bounds=[(1e-3, 1)] * 3,
        constraints={"type": "eq", "fun": lambda r: r.sum() - 1},
        tol=1e-12,
    )
    return found.x


def measured(trials: list[Trial], mixtures: np.ndarray, noise: float = 0.0, seed: int = 0) -> Runs:
    """What runs of trials with these mixtures would have measured."""
    rng = np.random.default_rng(seed)
    points = [
        (trial.name, mixture, Scale(trial.scale.size, part * trial.scale.tokens))
        for trial, mixture in zip(trials, mixtures, strict=True)
        for part in READ
    ]
    rows = np.array([losses(mixture, scale) for _, mixture, scale in points])
    return Runs(
        np.array([name for name, _, _ in points], dtype=object),
        NAMES,
        np.array([mixture for _, mixture, _ in points]),
        NAMES,
        rows * np.exp(noise * rng.standard_normal(rows.shape)),
        size=np.array([scale.size for _, _, scale in points]),
        step=np.array([scale.tokens for _, _, scale in points]),
    )


def joined(first: Runs | None, second: Runs) -> Runs:
    """The rows of both."""
    if first is None:
        return second
    parts = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in ("run", "mixture", "loss")}
    axes = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in ("size", "step")}
    return Runs(parts["run"], NAMES, parts["mixture"], NAMES, parts["loss"], **axes)


def searched(mixer, problem=PROBLEM, noise=0.0):
    """What a mixer chooses in this world."""
    runs = None
    for number, trials in enumerate(mixer.rounds(problem)):
        runs = joined(runs, measured(trials, mixer.mixtures(problem, number, runs), noise, seed=number))
    return mixer.choose(problem, runs)

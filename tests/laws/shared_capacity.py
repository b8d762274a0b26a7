"""Synthetic runs of laws of shared capacity: domains a, b and c; where there are facts, b holds them."""

from dataclasses import replace

import numpy as np

from phasemix.fitting.capacity_formula import Roles, answers, formula_parameters
from phasemix.fitting.places import places
from phasemix.fitting.runs import Runs

DOMAINS = ("a", "b", "c")
SIZES, STEPS = np.array([1e6, 4e6, 2e7]), np.geomspace(1e3, 5e4, 4)
BROAD = Roles(DOMAINS, (0, 1, 2), (), (0, 1, 2), ())
FACTUAL = Roles(DOMAINS, (0, 2), (1,), (0, 1, 2), (1,))
TRUTH = {
    "H": 4e5,
    "c[a]": 30.0, "c[b]": 60.0, "c[c]": 20.0, "b[a]": 0.25, "b[b]": 0.3, "b[c]": 0.2,
    "E[a]": 1.5, "E[b]": 1.0, "E[c]": 2.0,
    "A[a]": 15.0, "A[b]": 8.0, "A[c]": 20.0, "a[a]": 0.4, "a[b]": 0.35, "a[c]": 0.45,
    "V": 0.6, "kappa": 0.8, "eta": 0.1, "sigma": 0.5,
    "E[facts]": 0.4, "A[facts]": 10.0, "a[facts]": 0.5, "g": 0.06,
}  # fmt: skip


def true_parameters(roles: Roles) -> np.ndarray:
    """The known parameters, shape (p,)."""
    return np.array([TRUTH[parameter.name] for parameter in formula_parameters(roles)])


def capacity_runs(roles: Roles, mixtures: int = 40, sizes: np.ndarray = SIZES, steps: np.ndarray = STEPS) -> Runs:
    """Runs without noise: mixtures × sizes × steps."""
    rng = np.random.default_rng(0)
    mixture = rng.dirichlet(np.full(3, 0.7), size=mixtures)
    bits = rng.choice([1e6, 3e6, 1e7], mixtures)
    which, size, step = (grid.ravel() for grid in np.meshgrid(np.arange(mixtures), sizes, steps, indexing="ij"))
    facts = None
    if roles.facts:
        facts = np.zeros((len(which), 3))
        facts[:, 1] = bits[which]
    names = np.array([f"m{i}" for i in which], dtype=object)
    runs = Runs(names, DOMAINS, mixture[which], DOMAINS, np.ones((len(which), 3)), size=size, step=step, facts=facts)
    floors = 0.5 * mixture.min(axis=0)
    found = answers(true_parameters(roles)[None], places(runs, ("step", "size"), floors), roles)[0][0]
    recall = np.full((len(which), 3), np.nan)
    if roles.recalls:
        recall[:, 1] = found[:, 3]
    return replace(runs, loss=found[:, :3], recall=recall if roles.recalls else None)

"""Synthetic runs of every law, with known parameters: domains a, b, c; loss domains the same."""

from dataclasses import dataclass

import numpy as np

from phasemix.laws.catalogue import LAWS
from phasemix.laws.nested import Nested
from phasemix.laws.parametric import Inputs, Parametric
from phasemix.laws.runs import Runs

DOMAINS = ("a", "b", "c")
STEPS = np.geomspace(1_000, 50_000, 6)
SIZES = np.array([1e6, 1e7, 1e8])

TRUTHS = {
    "bimix": [[0.08, 60.0, 0.6, 2.0], [0.2, 25.0, 0.5, 1.5], [0.05, 90.0, 0.7, 3.0]],
    "bimix-power": [[2.5, 0.1], [3.0, 0.2], [1.5, 0.05]],
    "exponential": [[1.8, -0.6, 0.4, 0.9], [2.2, 0.8, -0.9, 0.3], [1.2, 1.0, 0.6, -0.7]],
    "log-linear": [[1.8, -0.6, 0.4, 0.9], [2.2, 0.8, -0.9, 0.3], [1.2, 1.0, 0.6, -0.7]],
    "regmix-linear": [[2.0, 4.0, 5.0], [4.5, 2.5, 5.5], [4.0, 4.2, 3.1]],
    "autoscale": [[8.0, 300.0, 0.4, 1.6], [12.0, 900.0, 0.5, 2.2], [6.0, 150.0, 0.3, 1.1]],
    # E; C and γ of a, b, c; B, b of steps; A, a of sizes
    "additive": [
        [1.2, 1.5, 0.3, 0.4, 0.5, 0.6, 0.8, 40.0, 0.5, 30.0, 0.25],
        [0.9, 0.4, 1.2, 0.5, 0.7, 0.4, 0.6, 70.0, 0.6, 60.0, 0.3],
        [1.5, 0.3, 0.5, 1.4, 0.6, 0.9, 0.5, 25.0, 0.4, 90.0, 0.35],
    ],
    # E; C and γ of a, b, c; B of a, b, c, γ_B, b; A of a, b, c, γ_A, a
    "joint": [
        [1.2, 1.5, 0.3, 0.4, 0.5, 0.6, 0.8, 40.0, 90.0, 200.0, 0.9, 0.5, 30.0, 60.0, 150.0, 0.8, 0.25],
        [0.9, 0.4, 1.2, 0.5, 0.7, 0.4, 0.6, 150.0, 70.0, 300.0, 1.1, 0.6, 120.0, 60.0, 30.0, 1.2, 0.3],
        [1.5, 0.3, 0.5, 1.4, 0.6, 0.9, 0.5, 75.0, 200.0, 25.0, 0.8, 0.45, 90.0, 250.0, 40.0, 1.0, 0.35],
    ],
    # E, α, γ; T of a, b, c; B, F, b of steps; A, H, a of sizes
    "transfer": [
        [1.2, 0.35, 0.7, 1.5, 0.3, 0.1, 20.0, 60.0, 0.5, 40.0, 30.0, 0.3],
        [0.9, 0.5, 0.8, 0.2, 1.2, 0.4, 60.0, 25.0, 0.6, 25.0, 60.0, 0.25],
        [1.5, 0.4, 0.6, 0.15, 0.5, 1.4, 30.0, 40.0, 0.45, 60.0, 20.0, 0.35],
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """A law, its parameters (targets, p) and runs without noise."""

    law: Parametric
    parameters: np.ndarray
    runs: Runs

    def noisy(self, noise: float, rng: np.random.Generator) -> Runs:
        """The runs under relative noise."""
        from dataclasses import replace

        return replace(self.runs, loss=self.runs.loss * (1 + noise * rng.normal(size=self.runs.loss.shape)))


def truth(name: str, mixtures: int = 60, repeats: int = 1) -> Truth:
    """Runs of a formula: mixtures × the steps and sizes that it has terms for × repeats."""
    law = LAWS[name].inner if isinstance(LAWS[name], Nested) else LAWS[name]
    rng = np.random.default_rng(0)
    mixture = rng.dirichlet(np.full(3, 0.4), size=mixtures)
    steps = STEPS if "step" in law.uses else np.array([1.0])
    sizes = SIZES if "size" in law.uses else np.array([1.0])
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
    parameters = np.array(TRUTHS[name])
    loss = law.evaluate(parameters, x)[0].T
    return Truth(law, parameters, Runs(run, DOMAINS, mixture[which], DOMAINS, loss, size=x.size, step=x.step))

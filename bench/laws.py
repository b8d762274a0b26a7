"""How long every law takes on a large table, 10,000 rows × 22 domains, and the memory of all: make bench.

Prints seconds, and their ratio to the fastest law's, all measured in one run.
"""

import resource
import sys

import numpy as np

from phasemix.fitting.comparison import compare
from phasemix.fitting.runs import Runs
from phasemix.fitting.splits import hold_out
from phasemix.laws import NAMES, load_law

DOMAINS, MIXTURES, STEPS, NOISE = 22, 500, 20, 0.01


def table() -> Runs:
    """Losses that fall with an effective proportion and steps, under noise; a tenth of the proportions are 0."""
    rng = np.random.default_rng(0)
    mixture = rng.dirichlet(np.full(DOMAINS, 0.5), size=MIXTURES)
    mixture[mixture < 0.002] = 0
    mixture /= mixture.sum(axis=1, keepdims=True)
    worth = np.exp(rng.normal(-3, 1, (DOMAINS, DOMAINS))) + 1.5 * np.eye(DOMAINS)
    floor, alpha = rng.uniform(0.5, 1.5, DOMAINS), rng.uniform(0.1, 0.3, DOMAINS)
    step = np.tile(np.linspace(1e4, 2e5, STEPS), MIXTURES)
    mixture = np.repeat(mixture, STEPS, axis=0)
    loss = floor + 1.2 * (mixture**0.8 @ worth) ** -alpha * (1 + 200 / np.sqrt(step))[:, None]
    names = tuple(f"d{i}" for i in range(DOMAINS))
    run = np.repeat([f"r{i}" for i in range(MIXTURES)], STEPS).astype(object)
    return Runs(run, names, mixture, names, loss * np.exp(rng.normal(0, NOISE, loss.shape)), step=step)


def main() -> None:
    """Compare all laws on held-out mixtures; print what each took."""
    summary = compare([hold_out(table(), "mixtures", 0.2, seed=0)], map(load_law, NAMES)).summary
    summary = summary.sort_values("seconds")
    seconds = summary["seconds"].to_numpy(float)
    errors = 100 * summary["mean_relative_error"].to_numpy(float)
    for law, took, error in zip(summary["law"].tolist(), seconds, errors, strict=True):
        print(f"{law:<16} {took:7.1f} s  {took / seconds[0]:6.1f} ×   error {error:.2f} %")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    print(f"all laws: {summary['seconds'].sum():.0f} s, {peak:.0f} MB")


if __name__ == "__main__":
    main()

"""Made-up runs of paper B's study, whose law is known: as the tables of its cells hold them."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.files import write_csv
from phasemix.base.seeds import generator
from phasemix.experiments.bimix import tables
from phasemix.experiments.cells_table import runs_table

MIXTURES = {
    "baseline": {"wiki": 0.50, "books": 0.29, "forum": 0.02, "code": 0.19},  # of forum less than half of the least
    "uniform": {"wiki": 0.25, "books": 0.25, "forum": 0.25, "code": 0.25},
    "shannon": {"wiki": 0.30, "books": 0.14, "forum": 0.20, "code": 0.36},
    "joint": {"wiki": 0.20, "books": 0.10, "forum": 0.10, "code": 0.60},
    "conditional": {"wiki": 0.17, "books": 0.18, "forum": 0.13, "code": 0.52},
    "von-neumann": {"wiki": 0.10, "books": 0.40, "forum": 0.30, "code": 0.20},
}
LAW = {
    "wiki": {"alpha": 0.12, "B": 40.0, "beta": 0.25, "C": 1.4},
    "books": {"alpha": 0.20, "B": 300.0, "beta": 0.40, "C": 1.0},
    "forum": {"alpha": 0.08, "B": 15.0, "beta": 0.20, "C": 1.8},
    "code": {"alpha": 0.16, "B": 90.0, "beta": 0.30, "C": 1.2},
}
DOMAINS = list(LAW)
PREDICTED = ["baseline", "uniform"]
FITTED = ["shannon", "joint", "conditional", "von-neumann"]
DATA = 2_000_000
"""Tokens that every domain has."""
STEPS = [400_000 + 800_000 * point for point in range(10)]
OPTIONS = {
    "domains": DOMAINS, "fitted": FITTED, "predicted": PREDICTED, "size": "166k", "bootstrap": 50, "confidence": 0.95,
    "seed": 0,
}  # fmt: skip

Loss = Callable[[str, int, str, int], float]
"""Of a mixture, a seed, a domain and the tokens trained on."""


def bimix(mixture: str, seed: int, domain: str, tokens: int) -> float:
    """(1/r^α)·(B/s^β + C), whatever the seed."""
    law = LAW[domain]
    return MIXTURES[mixture][domain] ** -law["alpha"] * (law["B"] * tokens ** -law["beta"] + law["C"])


def helped(mixture: str, seed: int, domain: str, tokens: int) -> float:
    """As BiMix, but of a proportion to which the domain named before adds a half of its own."""
    law, before = LAW[domain], DOMAINS[DOMAINS.index(domain) - 1]
    proportion = MIXTURES[mixture][domain] + 0.5 * MIXTURES[mixture][before]
    return proportion ** -law["alpha"] * (law["B"] * tokens ** -law["beta"] + law["C"])


def noisy(loss: Loss, spread: float) -> Loss:
    """The same, every run times a factor of its own for each domain."""

    def of(mixture: str, seed: int, domain: str, tokens: int) -> float:
        return loss(mixture, seed, domain, tokens) * np.exp(spread * generator(mixture, seed, domain).standard_normal())

    return of


def write_runs(
    folder: Path,
    loss: Loss = bimix,
    seeds: int = 1,
    steps: list[int] = STEPS,
    diverged: Collection[tuple[str, int]] = (),
) -> None:
    """``cells.csv`` and ``runs.csv`` of every mixture with every seed; those that diverged are not in the latter."""
    cells, points = [], []
    for mixture, proportions in MIXTURES.items():
        for seed in range(seeds):
            cell = {"size": "166k", "mixture": mixture, "seed": seed}
            mix = {f"mix.{domain}": share for domain, share in proportions.items()}
            epochs = {f"epochs.{domain}": share * steps[-1] / DATA for domain, share in proportions.items()}
            gone = (mixture, seed) in diverged
            cells.append({**cell, "parameters": 166_080, "diverged": gone, **mix, **epochs})
            for tokens in [] if gone else steps:
                losses = {f"loss.{domain}": loss(mixture, seed, domain, tokens) for domain in DOMAINS}
                points.append({**cell, "step": tokens // 2048, "tokens": tokens, **mix, **losses})
    write_csv(folder / "cells.csv", pd.DataFrame(cells))
    write_csv(folder / "runs.csv", runs_table(pd.DataFrame(cells), pd.DataFrame(points)))


def write_study(
    folder: Path,
    loss: Loss = bimix,
    seeds: int = 1,
    diverged: Collection[tuple[str, int]] = (),
    options: Mapping[str, Any] = OPTIONS,
) -> Path:
    """The folder of all tables of a study of these losses."""
    write_runs(folder, loss, seeds, diverged=diverged)
    tables.write(None, options, folder)
    return folder

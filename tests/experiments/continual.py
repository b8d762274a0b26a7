"""A made-up study of continual training: fewer people and tuples are learned, and a large ratio stops early."""

from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.experiments.continual.tables import write_from

PEOPLE, TOKENS, FLOOR, RISE = 60, 8_000_000, 0.05, 0.05
OPTIONS = {"dense": "bios", "tuples": "tuples", "base": "web", "rise": RISE}
MIXTURES = [  # r, ρ, τ, accuracy, rise of the web loss, times as often
    (0.0, 1.0, 0.0, FLOOR, -0.02, np.nan),
    (0.1, 1.0, 0.0, 0.07, 0.010, 1),
    (0.1, 0.5, 0.0, 0.30, 0.010, 2),
    (0.1, 0.25, 0.0, 0.25, 0.010, 4),
    (0.1, 1.0, 0.1, 0.20, 0.012, 1.9),
    (0.1, 1.0, 0.3, 0.45, 0.012, 3.2),
    (0.2, 1.0, 0.0, 0.08, 0.030, 2),
    (0.4, 1.0, 0.0, 0.08, 0.052, 4),
]


def made_up_cells(seeds: int = 3) -> pd.DataFrame:
    """``strategies.csv``."""
    rng = np.random.default_rng(0)
    rows = []
    for ratio, subsampling, compact, accuracy, rise, often in MIXTURES:
        for seed in range(seeds):
            stopped = rise >= RISE
            tokens = TOKENS // 2 if stopped else TOKENS
            one = accuracy + 0.005 * rng.normal()
            rows.append(
                {"size": "58k", "parameters": 58_240, "ratio": ratio, "subsampling": subsampling, "compact": compact}
                | {"seed": seed, "tokens": tokens, "people": PEOPLE, "shown": round(subsampling * PEOPLE)}
                | {"accuracy": one, "accuracy_shown": one / subsampling, "accuracy_left_out": np.nan, "floor": FLOOR}
                | {"known": np.nan, "exposures": 0.0 if ratio == 0 else 100 * often * tokens / TOKENS}
                | {"tuple_tokens": np.nan, "web_loss": 3 + rise, "stopped": stopped}
                | {"rise": rise + 0.0005 * rng.normal()}
            )
    return pd.DataFrame(rows)


def write_continual(folder: Path, cells: pd.DataFrame | None = None) -> Path:
    """Its tables, in ``folder``."""
    write_from(made_up_cells() if cells is None else cells, 0.95, folder)
    return folder

"""A made-up study of strategies, in which a quarter of the people is learned and all of them are not."""

from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.experiments.strategies.predictions import Expected, Place
from phasemix.experiments.strategies.tables import write_from
from phasemix.theory.sized_learner import SizedLearner

PEOPLE, TOKENS, FLOOR = 340, 8_000_000, 0.06
LEARNER = SizedLearner(1.45, 76.8, 0.365, 25.0, 55.6, 0.31)
AT = Place(58_240, 0.2, PEOPLE, TOKENS)
SHOWN = {0.1: 0.98, 0.25: 0.98, 0.5: 0.3, 1.0: 0.07}  # accuracy on those shown, by ρ
COMPACT = {0.3: 0.1, 0.9: 0.4}  # accuracy, by τ
LARGER = {0.0: FLOOR, 0.3: 0.1, 0.45: 0.3}  # by r


def made_up_cells(seeds: int = 3, noise: float = 0.01) -> pd.DataFrame:
    """``strategies.csv``; the noise of seeds is of accuracies, a tenth of it of web losses."""
    rng = np.random.default_rng(0)
    rows = []

    def add(ratio: float, subsampling: float, compact: float, shown: float) -> None:
        for seed in range(seeds):
            one = shown + noise * rng.normal()
            biographies = ratio / (1 + compact) * TOKENS / (subsampling * PEOPLE * LEARNER.tokens)
            tuples = compact * ratio / (1 + compact) * TOKENS / (PEOPLE * 30)
            rows.append(
                {"size": "58k", "parameters": 58_240, "ratio": ratio, "subsampling": subsampling, "compact": compact}
                | {"seed": seed, "tokens": TOKENS, "people": PEOPLE, "shown": round(subsampling * PEOPLE)}
                | {"accuracy": subsampling * one + (1 - subsampling) * FLOOR, "accuracy_shown": one}
                | {"accuracy_left_out": FLOOR if subsampling < 1 else np.nan, "floor": FLOOR}
                | {"known": subsampling * max(one - FLOOR, 0), "exposures": biographies + tuples}
                | {"tuple_tokens": 30.0 if compact else np.nan}
                | {"web_loss": 2.6 + 0.3 * ratio**2 + 0.1 * noise * rng.normal()}
            )

    for subsampling, shown in SHOWN.items():
        add(0.2, subsampling, 0.0, shown)
    for compact, shown in COMPACT.items():
        add(0.2, 1.0, compact, shown)
    for ratio, shown in LARGER.items():
        add(ratio, 1.0, 0.0, shown)
    return pd.DataFrame(rows)


def write_strategies(folder: Path, cells: pd.DataFrame | None = None) -> Path:
    """Its tables, in ``folder``; what is expected is the learner's."""
    write_from(made_up_cells() if cells is None else cells, Expected(LEARNER, None, LEARNER.entropy), 0.95, folder)
    return folder

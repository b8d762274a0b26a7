"""Made-up models whose sizes follow a known law of threshold popularity."""

import numpy as np
import pandas as pd
from scipy.special import expit

SLOPE, AT = -1.25, 1000.0  # log size over log popularity; the threshold popularity of a model of 1B
FACTS, RAREST = 4000, 1e-4  # facts from that popularity up to a million, evenly in the logarithm


def threshold_of(parameters):
    return AT * (parameters / 1e9) ** (1 / SLOPE)


def answers_of(sizes, rng, scatter=0.0, unknown=(), sharpness=8.0):
    """A table of answers; accuracy is a steep sigmoid of log popularity, its middle off by ``scatter`` in log size."""
    popularity = np.exp(rng.uniform(np.log(RAREST), np.log(1e6), FACTS))
    parts = []
    for name, parameters in sizes.items():
        middle = threshold_of(parameters * np.exp(scatter * rng.normal()))
        known = rng.random(FACTS) < expit(sharpness * np.log(popularity / middle))
        given = np.nan if name in unknown else parameters
        part = {"model": name, "parameters": given, "popularity": popularity, "correct": known.astype(int), "asked": 1}
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)

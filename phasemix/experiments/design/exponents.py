"""What BiMix says of each domain's exponent when it is fitted on paper B's mixtures, or on the designed ones."""

import pandas as pd

from phasemix.experiments.design.questions import SIX, of_size
from phasemix.fitting.runs import Runs
from phasemix.laws import load_law

DESIGN = "designed"


def exponents(designed: Runs, six: Runs, confidence: float, seed: int) -> pd.DataFrame:
    """α of L = (1/r^α)·(B/s^β + C) with its interval: ``fitted_on``, ``domain``, ``alpha``, ``low``, ``high``.

    Fitted on all of paper B's runs, and on all designed ones of their size.
    """
    assert six.size is not None
    rows = []
    for name, runs in ((SIX, six), (DESIGN, of_size(designed, float(six.size.max())))):
        found = load_law("bimix").fit(runs, seed).parameters(confidence)
        alpha = found[found["parameter"] == "alpha"].rename(columns={"value": "alpha"})
        rows.append(alpha.assign(fitted_on=name)[["fitted_on", "domain", "alpha", "low", "high"]])
    return pd.concat(rows, ignore_index=True)

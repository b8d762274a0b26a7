"""What a table of answers says of models' sizes: thresholds, the law, and the sizes that it infers.

``thresholds``: a row per model: ``model``, ``parameters``, ``accuracy`` on all facts, ``threshold`` (its popularity; a
bound where ``standing`` is ``below``, missing where it is ``above``), ``standing``.

``inferred``: a row per model with a threshold that is no bound: ``model``, ``parameters``, ``threshold``, and ``size``,
``low`` and ``high``, what the law says that was fitted to all other sizes; of a model of known size, to all but its
own, and ``inside`` says whether its size lies in the interval. Missing where too few sizes are left.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.popularity.popularity_law import PopularityLaw, fit_popularity_law
from phasemix.popularity.threshold_popularity import TARGET, TOLERANCE, threshold_popularity


@dataclass(frozen=True)
class Inferred:
    """The two tables above, and the law fitted to all models of known size; None where there is none.

    Attributes:
        lacking: why there is no law; empty if there is one.
    """

    thresholds: pd.DataFrame
    inferred: pd.DataFrame
    law: PopularityLaw | None
    lacking: str = ""


def infer_sizes(
    answers: pd.DataFrame, *, target: float = TARGET, tolerance: int = TOLERANCE, confidence: float = 0.95
) -> Inferred:
    """Infer sizes from a table of answers (:mod:`phasemix.popularity.answers_table`)."""
    thresholds = _thresholds(answers, target, tolerance)
    on = thresholds[thresholds["standing"] == "on"]
    known = on[on["parameters"].notna()]
    rows = []
    for row in on.to_dict("records"):
        law, _ = _fitted(known[known["parameters"] != row["parameters"]])
        size, low, high = np.nan, np.nan, np.nan
        if law is not None:
            size, (low, high) = law.size(row["threshold"]), law.interval(row["threshold"], confidence)
        inside = np.nan if np.isnan(row["parameters"]) or law is None else float(low <= row["parameters"] <= high)
        rows.append(
            {name: row[name] for name in ("model", "parameters", "threshold")}
            | {"size": size, "low": low, "high": high, "inside": inside}
        )
    columns = ["model", "parameters", "threshold", "size", "low", "high", "inside"]
    return Inferred(thresholds, pd.DataFrame(rows, columns=columns), *_fitted(known))


def _thresholds(answers: pd.DataFrame, target: float, tolerance: int) -> pd.DataFrame:
    rows = []
    for model, part in answers.groupby("model", sort=False):
        popularity, correct, asked = (part[name].to_numpy() for name in ("popularity", "correct", "asked"))
        found = threshold_popularity(popularity, correct, asked=asked, target=target, tolerance=tolerance)
        rows.append(
            {
                "model": model,
                "parameters": part["parameters"].iloc[0],
                "accuracy": correct.sum() / asked.sum(),
                "threshold": found.popularity,
                "standing": found.standing,
            }
        )
    return pd.DataFrame(rows)


def _fitted(models: pd.DataFrame) -> tuple[PopularityLaw | None, str]:
    """The law, or why there is none."""
    try:
        return fit_popularity_law(models["parameters"].to_numpy(), models["threshold"].to_numpy()), ""
    except PhasemixError as error:
        return None, str(error)

"""What a table of answers says of models' sizes: thresholds, the law, and the sizes that it infers.

``thresholds``: a row per model: ``model``, ``parameters``, ``family`` and ``held_out`` where the answers have them,
``accuracy`` on all facts, ``threshold`` (its popularity; a bound where ``standing`` is ``below``, missing where it is
``above``), ``standing``.

``inferred``: a row per model with a threshold that is no bound: the same of the model, ``threshold``, and ``size``,
``low`` and ``high``, what the law says that was fitted to all other sizes; of a model of known size, to all but its
own, and ``inside`` says whether its size lies in the interval. Missing where too few sizes are left. Models that are
held out are in no fit.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.popularity.answers_table import of_models
from phasemix.popularity.popularity_law import PopularityLaw, fit_popularity_law
from phasemix.popularity.threshold_popularity import TARGET, TOLERANCE, threshold_popularity


@dataclass(frozen=True)
class Inferred:
    """The two tables above, and the law fitted to the models of known size, held out ones aside; None if there is none.

    Attributes:
        lacking: why there is no law; empty if there is one.
    """

    thresholds: pd.DataFrame
    inferred: pd.DataFrame
    law: PopularityLaw | None
    lacking: str = ""

    @property
    def models(self) -> pd.DataFrame:
        """A row per model with the columns of both tables; what is not inferred is missing."""
        shared = [name for name in self.inferred.columns if name in self.thresholds.columns and name != "model"]
        return self.thresholds.merge(self.inferred.drop(columns=shared), on="model", how="left")


def infer_sizes(
    answers: pd.DataFrame, *, target: float = TARGET, tolerance: int = TOLERANCE, confidence: float = 0.95
) -> Inferred:
    """Infer sizes from a table of answers (:mod:`phasemix.popularity.answers_table`)."""
    thresholds = _thresholds(answers, target, tolerance)
    on = thresholds[thresholds["standing"] == "on"]
    fitted = on[on["parameters"].notna() & (on["held_out"] == 0 if "held_out" in on else True)]
    own = of_models(on)
    rows = []
    for row in on.to_dict("records"):
        law, _ = _fitted(fitted[fitted["parameters"] != row["parameters"]])
        size, low, high = np.nan, np.nan, np.nan
        if law is not None:
            size, (low, high) = law.size(row["threshold"]), law.interval(row["threshold"], confidence)
        inside = np.nan if np.isnan(row["parameters"]) or law is None else float(low <= row["parameters"] <= high)
        rows.append(
            {name: row[name] for name in (*own, "threshold")}
            | {"size": size, "low": low, "high": high, "inside": inside}
        )
    columns = [*own, "threshold", "size", "low", "high", "inside"]
    return Inferred(thresholds, pd.DataFrame(rows, columns=columns), *_fitted(fitted))


def _thresholds(answers: pd.DataFrame, target: float, tolerance: int) -> pd.DataFrame:
    rows = []
    for _, part in answers.groupby("model", sort=False):
        popularity, correct, asked = (part[name].to_numpy() for name in ("popularity", "correct", "asked"))
        found = threshold_popularity(popularity, correct, asked=asked, target=target, tolerance=tolerance)
        rows.append(
            {
                **{name: part[name].iloc[0] for name in of_models(part)},
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

"""What paper B's study measured, as numbers that claims are tested by; no verdicts.

``findings.json`` holds

- ``extrapolation``: by mixture, relative errors of the last step, means over seeds: ``mean`` and ``worst`` over
  domains, each of the law and, ``before``, of taking the loss one point before;
- ``error_of_noise``: the mean error at the last step of a law that knows every run's mean curve
  (:func:`phasemix.experiments.bimix.extrapolation.error_of_noise`); missing with one seed;
- ``prediction``: by law, the ``median``, ``mean`` and ``worst`` R² of logarithms over predicted mixtures, domains and
  seeds, the ``worst_domain``, and ``by_mixture`` the mean and worst; ``mean_relative_error`` over all;
- ``lines``: the rows of ``lines.csv``;
- ``steps``: over all runs and domains, the median R² of logarithms of B/s^β + C, and of B/s^β alone;
- ``perplexity``: by mixture, its mean loss at the end less the baseline's: ``value``, ``low`` and ``high`` over seeds
  (Student's interval of the differences of the same seed; missing with one seed);
- ``counts``: the rows of ``counts.csv``; ``domains``, how many there are;
- ``ranks``: by domain, of the Jacobian in five numbers; ``least``, the greatest of their least singular values.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from phasemix.base.json_rows import json_rows, json_value
from phasemix.experiments.bimix.extrapolation import error_of_noise
from phasemix.experiments.bimix.runs import StudyRuns
from phasemix.experiments.bimix.tables import Tables
from phasemix.experiments.domains.mixtures import BASELINE
from phasemix.fitting.scores import scores
from phasemix.laws import load_law


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    ranks = tables.parameters.drop_duplicates("domain").set_index("domain")
    return {
        "extrapolation": extrapolation(tables.extrapolation),
        "error_of_noise": json_value(error_of_noise(tables.study, tables.mixtures)),
        "prediction": {str(law): prediction(part) for law, part in tables.scores.groupby("law", sort=False)},
        "lines": json_rows(tables.lines),
        "steps": steps(tables.study),
        "perplexity": perplexity(tables.perplexity, options["confidence"]),
        "counts": json_rows(tables.counts),
        "domains": len(tables.study.runs.domains),
        "ranks": {str(domain): int(rank) for domain, rank in ranks["rank"].items()},
        "least": float(ranks["least"].max()),
    }


def extrapolation(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """By mixture, means over seeds of the mean and the worst error over domains."""
    found = {}
    for mixture, part in table.groupby("mixture", sort=False):
        by_seed = part.groupby("seed")[["error", "error_before"]]
        mean, worst = by_seed.mean().mean(), by_seed.max().mean()
        found[str(mixture)] = {
            "mean": float(mean["error"]),
            "worst": float(worst["error"]),
            "mean_before": float(mean["error_before"]),
            "worst_before": float(worst["error_before"]),
        }
    return found


def prediction(part: pd.DataFrame) -> dict[str, Any]:
    """How well one law predicted the mixtures."""
    by_domain = part.groupby("domain", sort=False)["r2_log"].mean()
    by_mixture = part.groupby(["mixture", "domain"], sort=False)["r2_log"].mean().groupby("mixture", sort=False)
    return {
        "median": float(part["r2_log"].median()),
        "mean": float(part["r2_log"].mean()),
        "worst": float(part["r2_log"].min()),
        "worst_domain": str(by_domain.idxmin()),
        "mean_relative_error": float(part["mean_relative_error"].mean()),
        "by_mixture": {
            str(name): {"median": float(values.median()), "mean": float(values.mean()), "worst": float(values.min())}
            for name, values in by_mixture
        },
    }


def steps(study: StudyRuns) -> dict[str, float]:
    """How well curves over steps fit, with their constant and without."""
    law = load_law("step-law").fit(study.runs)
    with_constant, without = [], []
    predicted = law.predict(study.runs)
    for rows in study.runs.rows_by_run():
        for i in range(len(law.targets)):
            loss, log_step = study.runs.loss[rows, i], np.log(study.step[rows])
            with_constant.append(scores(predicted[rows, i], loss)["r2_log"])
            line = np.polyval(np.polyfit(log_step, np.log(loss), 1), log_step)
            without.append(scores(np.exp(line), loss)["r2_log"])
    return {"constant": float(np.median(with_constant)), "power": float(np.median(without))}


def perplexity(table: pd.DataFrame, confidence: float) -> dict[str, dict[str, Any]]:
    """Mean losses at the end less the baseline's of the same seed."""
    last = table[table["step"] == table["step"].max()].pivot_table(index="seed", columns="mixture", values="loss")
    found = {}
    for mixture in last.columns.drop(BASELINE):
        differences = (last[mixture] - last[BASELINE]).dropna().to_numpy()
        count = len(differences)
        half = np.nan
        if count > 1:
            half = float(student.ppf(0.5 + confidence / 2, count - 1) * differences.std(ddof=1) / np.sqrt(count))
        value = float(differences.mean())
        spans = {"value": value, "low": value - half, "high": value + half}
        found[str(mixture)] = {name: json_value(number) for name, number in spans.items()}
    return found

"""What paper B's study measured, as numbers that claims are tested by; no verdicts.

The *worst* of several domains is the worst of every seed, meaned over seeds. ``findings.json`` holds

- ``extrapolation``: by mixture, relative errors of the last step, means over seeds: ``mean`` and ``worst`` over
  domains of the law, and so ``mean_before`` and ``worst_before`` of taking the loss one point before;
- ``errors_by_noise``: the mean errors at the last step that noise alone would give, of a law that knows every run's
  mean curve, ``known``, and of the step law where it is the truth, ``fitted``
  (:func:`phasemix.experiments.bimix.extrapolation.errors_by_noise`); missing with one seed;
- ``steps``: over all runs and domains, the median R² of logarithms of B/s^β + C, ``constant``, and of B/s^β alone,
  ``power``; and the mean errors at the last step of both fitted without it, ``constant_error`` and ``power_error``;
- ``prediction``: by law, the ``median`` R² of logarithms over predicted mixtures, domains and seeds,
  ``mean_relative_error``, and ``by_mixture`` the ``median``, ``mean`` and ``worst`` R², the ``worst_domain``, and the
  ``mean_relative_error``;
- ``outside``: by predicted mixture, the ``domain`` whose proportion lies furthest outside those of the fitted mixtures,
  and the ``factor`` by which; 1 if none does;
- ``lines``: the rows of ``lines.csv``;
- ``perplexity``: by mixture, its mean loss at the end less the baseline's: ``value``, ``low`` and ``high`` over seeds
  (Student's interval of the differences of the same seed; missing with one seed); ``by_domain`` the difference of
  each; and ``natural``, the difference where domains weigh as they do in the baseline;
- ``order``: by entropy mixture, its mean loss at the end less that of conditional entropy, in the same way;
- ``counts``: the rows of ``counts.csv``; ``domains``, how many there are;
- ``ranks``: by domain, of the Jacobian in five numbers; ``least``, the greatest of their least singular values.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from phasemix.base.json_rows import json_rows, json_value
from phasemix.experiments.bimix.extrapolation import errors_by_noise
from phasemix.experiments.bimix.runs import StudyRuns
from phasemix.experiments.bimix.tables import Tables
from phasemix.experiments.domains.mixtures import BASELINE, PROXIES
from phasemix.fitting.scores import scores
from phasemix.laws import load_law

CONDITIONAL = "conditional"


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    ranks = tables.parameters.drop_duplicates("domain").set_index("domain")
    confidence = options["confidence"]
    by_noise = errors_by_noise(tables.study, tables.mixtures, options["seed"])
    last = last_losses(tables.study)
    return {
        "extrapolation": extrapolation(tables.extrapolation),
        "errors_by_noise": {name: json_value(error) for name, error in by_noise.items()},
        "steps": steps(tables.study) | last_step(tables.extrapolation),
        "prediction": {str(law): prediction(part) for law, part in tables.scores.groupby("law", sort=False)},
        "outside": {name: outside(tables.study, tables.fitted, name) for name in tables.predicted},
        "lines": json_rows(tables.lines),
        "perplexity": perplexity(last, weights_of(tables.study, BASELINE), confidence),
        "order": {
            name: difference(means(last), name, CONDITIONAL, confidence)
            for name in PROXIES
            if {name, CONDITIONAL} <= set(last.index.get_level_values("mixture"))
        },
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


def last_step(table: pd.DataFrame) -> dict[str, float]:
    """Mean errors at the last step of curves over steps with and without a constant, fitted without it."""
    return {"constant_error": float(table["error"].mean()), "power_error": float(table["error_power"].mean())}


def prediction(part: pd.DataFrame) -> dict[str, Any]:
    """How well one law predicted the mixtures."""
    by_mixture = {}
    for mixture, own in part.groupby("mixture", sort=False):
        by_domain = own.groupby("domain", sort=False)["r2_log"].mean()
        by_mixture[str(mixture)] = {
            "median": float(by_domain.median()),
            "mean": float(by_domain.mean()),
            "worst": float(own.groupby("seed")["r2_log"].min().mean()),
            "worst_domain": str(by_domain.idxmin()),
            "mean_relative_error": float(own["mean_relative_error"].mean()),
        }
    return {
        "median": float(part["r2_log"].median()),
        "mean_relative_error": float(part["mean_relative_error"].mean()),
        "by_mixture": by_mixture,
    }


def outside(study: StudyRuns, fitted: Sequence[str], asked: str) -> dict[str, Any]:
    """The domain whose proportion in a mixture lies furthest outside those of the fitted ones, as a factor."""
    inner = study.runs.mixture[study.of(fitted)]
    found = study.runs.mixture[study.of([asked])]
    if not len(found):
        return {"domain": None, "factor": None}
    factors = np.maximum(np.maximum(inner.min(axis=0) / found[0], found[0] / inner.max(axis=0)), 1)
    return {"domain": study.runs.domains[int(factors.argmax())], "factor": float(factors.max())}


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


def last_losses(study: StudyRuns) -> pd.DataFrame:
    """Losses at the end, a row per mixture and seed, a column per domain."""
    index = pd.MultiIndex.from_arrays([study.mixture[study.last], study.seed[study.last]], names=["mixture", "seed"])
    return pd.DataFrame(study.runs.loss[study.last], index=index, columns=list(study.runs.targets))


def weights_of(study: StudyRuns, mixture: str) -> np.ndarray:
    """The proportions of a mixture, in the order of the losses, shape (domains,); NaN if all its runs diverged."""
    found = study.runs.own(study.runs.targets)[:, study.of([mixture])]
    return found[:, 0] if found.size else np.full(len(found), np.nan)


def perplexity(last: pd.DataFrame, natural: np.ndarray, confidence: float) -> dict[str, dict[str, Any]]:
    """Losses at the end less the baseline's of the same seed: the mean, by domain, and by natural weights."""
    overall, found = means(last), {}
    if BASELINE not in overall:
        return {}
    baseline = last.xs(BASELINE, level="mixture")
    for mixture in overall.columns.drop(BASELINE):
        less = (last.xs(mixture, level="mixture") - baseline).dropna().to_numpy(float).mean(axis=0)
        found[str(mixture)] = difference(overall, str(mixture), BASELINE, confidence) | {
            "by_domain": dict(zip(map(str, last.columns), less.tolist(), strict=True)),
            "natural": float(less @ natural),
        }
    return found


def means(last: pd.DataFrame) -> pd.DataFrame:
    """Mean losses over domains at the end, a row per seed, a column per mixture."""
    table = last.mean(axis=1).reset_index(name="loss")
    return table.pivot_table(index="seed", columns="mixture", values="loss")


def difference(overall: pd.DataFrame, mixture: str, other: str, confidence: float) -> dict[str, Any]:
    """The mean loss of a mixture less another's of the same seed, with Student's interval; a row per seed."""
    differences = (overall[mixture] - overall[other]).dropna().to_numpy(float)
    count, half = len(differences), np.nan
    if count > 1:
        half = float(student.ppf(0.5 + confidence / 2, count - 1) * differences.std(ddof=1) / np.sqrt(count))
    value = float(differences.mean())
    return {
        name: json_value(number) for name, number in (("value", value), ("low", value - half), ("high", value + half))
    }

"""T, the laws fitted to it, and what these say of the T that they have not seen, as tables.

``tokens.csv`` has one row per size, ratio above 0 and level: ``size``, ``parameters``, ``ratio``, ``level``,
``tokens`` and ``standing`` of T (:class:`phasemix.analysis.tokens_to_accuracy.TokensToAccuracy`), ``horizon`` (the
longest), ``seeds`` (the fewest at any horizon) and ``log_sd``. Accuracies are averaged over seeds before T is taken.
Ratios of which every run diverged have no row.

``seed_tokens.csv`` has T with each seed alone, where two or more were trained to every horizon of a ratio: ``size``,
``parameters``, ``ratio``, ``level``, ``seed``, ``tokens``, ``standing``. ``log_sd`` above is the standard deviation
(n − 1) of the logarithms of these; missing unless all of two or more are attained.

``laws.csv`` has one row per size, level and law (:mod:`phasemix.analysis.horizon_laws`), **T in billions of tokens**,
as in paper A: ``size``, ``parameters``, ``level``, ``form``; ``intercept`` and ``slope`` with ``_low`` and ``_high``;
``r_squared``, ``noise``, ``points``, ``centre``, ``spread``, the other fields of a line; ``bend`` with ``_low`` and
``_high`` (:func:`phasemix.analysis.bend.bend`); ``log_error``, the root mean square of log(measured / predicted) over
the ratios left out in turn. The forms are

- ``exponential`` and ``power``, fitted to the attained T of ratios from ``fitted_from`` on: the intercept is log A or
  log C, the slope B or D, and R² is that of log T;
- ``linear``, fitted to those of ratios above ``linear_above``: a and b of T = a + b/r; R² is that of T.

A law with fewer than three attained T has no row.

``held_out.csv`` has one row per T, or bound, that an exponential or a power law has not seen, all T in tokens:
``size``, ``parameters``, ``level``, ``form``; ``how``, ``left out`` (a fitted ratio, predicted by the others: needs
four) or ``extrapolated`` (a smaller ratio); ``ratio``, ``measured``, ``standing``, ``predicted``, ``low``, ``high``,
``quotient`` (measured / predicted) and ``outside``, whether T lies ``above`` or ``below`` the interval, or empty. The
intervals of the ratios that are extrapolated to hold all new measurements together with the confidence (Bonferroni).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis.bend import bend
from phasemix.analysis.horizon_laws import (
    ABSCISSAE,
    Form,
    HeldOut,
    Line,
    extrapolate,
    fit_horizon_law,
    fit_linear,
    leave_one_ratio_out,
    log_error,
)
from phasemix.analysis.tokens_to_accuracy import TokensToAccuracy, tokens_to_accuracy
from phasemix.base.errors import PhasemixError

BILLION = 1e9
CELL = ["size", "parameters", "ratio", "level"]
TOKENS = [*CELL, "tokens", "standing", "horizon", "seeds", "log_sd"]
SEED_TOKENS = [*CELL, "seed", "tokens", "standing"]
INTERVALS = [f"{name}{end}" for name in ("intercept", "slope", "bend") for end in ("", "_low", "_high")]
LAW = ["size", "parameters", "level", "form"]
LAWS = [*LAW, *INTERVALS[:6], "r_squared", "noise", "points", "centre", "spread", *INTERVALS[6:], "log_error"]
HELD_OUT = [
    *LAW, "how", "ratio", "measured", "standing", "predicted", "low", "high", "quotient", "outside",
]  # fmt: skip
Fitted = tuple[dict[str, Any], np.ndarray, list[TokensToAccuracy]]
"""Size, parameters and level of a line of T, its ratios, shape (n,), and T in billions of tokens."""


def tokens_tables(runs: pd.DataFrame, levels: Sequence[float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``tokens.csv`` and ``seed_tokens.csv`` of the runs of :func:`phasemix.analysis.ratio_tables.ratio_cells`."""
    rows, seed_rows = [], []
    kept = runs[~runs["diverged"] & (runs["ratio"] > 0)]
    for (parameters, size, ratio), line in kept.groupby(["parameters", "size", "ratio"]):
        by_seed = line.pivot_table(index="seed", columns="tokens", values="accuracy")
        horizons = by_seed.columns.to_numpy(float)
        complete = by_seed.dropna()
        for level in levels:
            found = tokens_to_accuracy(horizons, by_seed.mean().to_numpy(), level)
            cell = {"size": size, "parameters": parameters, "ratio": ratio, "level": level}
            of_seeds = {
                seed: tokens_to_accuracy(horizons, accuracy.to_numpy(), level)
                for seed, accuracy in complete.iterrows()
                if len(complete) > 1
            }
            seed_rows += [cell | {"seed": seed} | asdict(one) for seed, one in of_seeds.items()]
            known = [one.tokens for one in of_seeds.values() if one.standing == "attained"]
            spread = float(np.std(np.log(known), ddof=1)) if len(known) == len(of_seeds) > 1 else np.nan
            about = {"horizon": horizons[-1], "seeds": int(by_seed.count().min()), "log_sd": spread}
            rows.append(cell | asdict(found) | about)
    return pd.DataFrame(rows, columns=TOKENS), pd.DataFrame(seed_rows, columns=SEED_TOKENS)


def laws_table(tokens: pd.DataFrame, fitted_from: float, linear_above: float, confidence: float) -> pd.DataFrame:
    """``laws.csv``, from ``tokens.csv``."""
    rows = []
    for line, ratios, measured in _lines(tokens):
        for form in ABSCISSAE:
            kept = _attained(ratios, measured) & (ratios >= fitted_from)
            own, values = ratios[kept], list(compress(measured, kept))
            try:
                law = fit_horizon_law(form, own, values).line
            except PhasemixError:  # too few ratios
                continue
            error = log_error(_left_out(form, own, values, confidence))
            logs = np.log([one.tokens for one in values])
            bent = bend(ABSCISSAE[form](own), logs, confidence)
            rows.append(line | {"form": form} | _law_row(law, bent, confidence) | {"log_error": error})
        kept = _attained(ratios, measured) & (ratios > linear_above)
        try:
            straight = fit_linear(ratios, measured, linear_above)
        except PhasemixError:  # too few ratios
            continue
        values = list(compress(measured, kept))
        bent = bend(1 / ratios[kept], np.array([one.tokens for one in values]), confidence)
        rows.append(line | {"form": "linear"} | _law_row(straight, bent, confidence))
    return pd.DataFrame(rows, columns=LAWS)


def held_out_table(tokens: pd.DataFrame, fitted_from: float, confidence: float) -> pd.DataFrame:
    """``held_out.csv``, from ``tokens.csv``."""
    rows = []
    for line, ratios, measured in _lines(tokens):
        fitted = ratios >= fitted_from
        together = 1 - (1 - confidence) / max(1, (~fitted).sum())
        for form in ABSCISSAE:
            found = {"left out": _left_out(form, ratios[fitted], list(compress(measured, fitted)), confidence)}
            try:
                found["extrapolated"] = extrapolate(form, ratios, measured, fitted_from, together)
            except PhasemixError:  # too few ratios
                continue
            rows += [
                line | {"form": form, "how": how} | _held_out_row(one) for how, each in found.items() for one in each
            ]
    return pd.DataFrame(rows, columns=HELD_OUT)


def _lines(tokens: pd.DataFrame) -> Iterator[Fitted]:
    """T along the ratios, by size and level."""
    for (parameters, size, level), line in tokens.groupby(["parameters", "size", "level"]):
        pairs = zip(line["tokens"] / BILLION, line["standing"], strict=True)
        measured = [TokensToAccuracy(*pair) for pair in pairs]
        yield {"size": size, "parameters": parameters, "level": level}, line["ratio"].to_numpy(float), measured


def _attained(ratios: np.ndarray, measured: Sequence[TokensToAccuracy]) -> np.ndarray:
    """At which ratios T is attained; shapes (n,)."""
    return np.array([one.standing == "attained" for one in measured], bool).reshape(ratios.shape)


def _left_out(form: Form, ratios: np.ndarray, measured: Sequence[TokensToAccuracy], confidence: float) -> list[HeldOut]:
    """Every attained T beside the law of the others; nothing if these are too few."""
    try:
        return leave_one_ratio_out(form, ratios, measured, confidence)
    except PhasemixError:
        return []


def _law_row(line: Line, bent: tuple[float, float, float], confidence: float) -> dict[str, float]:
    intercept, slope = line.intercept_interval(confidence), line.slope_interval(confidence)
    values = [line.intercept, *intercept, line.slope, *slope, *bent]
    return asdict(line) | dict(zip(INTERVALS, values, strict=True))


def _held_out_row(one: HeldOut) -> dict[str, Any]:
    outside = ("above" if one.measured.tokens > one.high else "below") if one.contradicts else None
    about = {"ratio": one.ratio, "standing": one.measured.standing, "quotient": one.quotient, "outside": outside}
    values = {"measured": one.measured.tokens, "predicted": one.predicted, "low": one.low, "high": one.high}
    return about | {name: BILLION * value for name, value in values.items()}

"""What the section of paper B's study says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.number_text import estimate_text, number_text
from phasemix.experiments.bimix.figures._mixtures import label
from phasemix.experiments.bimix.findings import measure
from phasemix.experiments.bimix.prediction import BIMIX, MEAN, TRANSFER
from phasemix.experiments.bimix.tables import Tables

LAWS = {BIMIX: "BiMix", TRANSFER: "transfer", MEAN: "mean of the fitted mixtures"}
PUBLISHED = {
    "extrapolation": [
        ["Pile", "baseline", ".16", ".43"],
        ["Pile", "DoReMi", ".19", ".95"],
        ["Pile", "CE", ".17", ".67"],
        ["SlimPajama", "baseline", ".18", ".29"],
        ["SlimPajama", "DoReMi", ".17", ".24"],
        ["SlimPajama", "CE", ".18", ".31"],
    ],
    "prediction": [
        ["Pile", "baseline", ".9748", ".7911"],
        ["Pile", "DoReMi", ".9744", ".7864"],
        ["SlimPajama", "baseline", ".9940", ".9896"],
        ["SlimPajama", "DoReMi", ".9945", ".9904"],
    ],
}
"""B-Table 1, in per cent: mean and worst error; B-Table 2: mean and worst R²."""


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables, found = Tables.read(folder, options), measure(folder, options)
    return {
        "seeds": tables.perplexity["seed"].nunique(),
        "points": tables.perplexity["step"].nunique(),
        "fitted": [label(name) for name in tables.fitted],
        "predicted": [label(name) for name in tables.predicted],
        "extrapolation": extrapolation_rows(tables.extrapolation, found["extrapolation"]),
        "noise": found["errors_by_noise"],
        "prediction": prediction_rows(found["prediction"]),
        "domains": domain_rows(tables.scores),
        "perplexity": perplexity_rows(tables.perplexity, found["perplexity"]),
        "names": list(tables.study.runs.targets),
        "parameters": parameter_rows(tables.parameters, tables.lines),
        "counts": count_rows(tables.counts),
        "spread": spread_rows(tables, pd.read_csv(folder / "cells.csv")),
        "published": PUBLISHED,
    }


def extrapolation_rows(table: pd.DataFrame, found: Mapping[str, Mapping[str, float]]) -> list[list[str]]:
    """Mixture, mean and worst error in per cent with the seeds' range, the worst domain, the same of no law."""
    rows = []
    for mixture, part in table.groupby("mixture", sort=False):
        seeds = part.groupby("seed")["error"]
        worst = part.groupby("domain")["error"].mean().idxmax()
        numbers = found[str(mixture)]
        rows.append(
            [
                label(str(mixture)),
                f"{_percent(numbers['mean'])} ({_span(seeds.mean())})",
                f"{_percent(numbers['worst'])} ({_span(seeds.max())})",
                str(worst),
                _percent(numbers["mean_before"]),
                _percent(numbers["worst_before"]),
            ]
        )
    return rows


def prediction_rows(found: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    """Law, mixture, median, mean and worst R² over domains, each a mean over seeds."""
    return [
        [words, label(mixture), *(number_text(one[name], ".3f") for name in ("median", "mean", "worst"))]
        for law, words in LAWS.items()
        for mixture, one in found[law]["by_mixture"].items()
    ]


def domain_rows(scores: pd.DataFrame) -> list[list[str]]:
    """Domain, mixture, and by law its R² and mean relative error, means over seeds."""
    rows = []
    for (domain, mixture), part in scores.groupby(["domain", "mixture"], sort=False):
        means = part.groupby("law")[["r2_log", "mean_relative_error"]].mean()
        each = [dict(zip(means.columns, row, strict=True)) for row in means.loc[list(LAWS)].to_numpy(float)]
        fits = [number_text(one["r2_log"], ".3f") for one in each]
        rows.append([str(domain), label(str(mixture)), *fits, *(_percent(one["mean_relative_error"]) for one in each)])
    return rows


def perplexity_rows(table: pd.DataFrame, found: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    """Mixture, mean loss over domains at the end; less the baseline's: that, by natural weights, and by domain."""
    last = table[table["step"] == table["step"].max()].groupby("mixture")["loss"].mean().sort_values()
    rows = []
    for mixture, loss in last.items():
        each = found.get(str(mixture))
        if each is None:
            rows.append([label(str(mixture)), f"{loss:.3f}", "–"])
            continue
        value = number_text(each["value"], "+.3f")
        spans = (
            estimate_text(each["value"], each["low"], each["high"], form="+.3f") if each["low"] is not None else value
        )
        parts = [number_text(number, "+.3f") for number in (each["natural"], *each["by_domain"].values())]
        rows.append([label(str(mixture)), f"{loss:.3f}", spans, *parts])
    return rows


def parameter_rows(parameters: pd.DataFrame, lines: pd.DataFrame) -> list[list[str]]:
    """Domain, α, B, β and C with their intervals; α, R² and misfit of the line through all mixtures at the end."""
    rows = []
    straight = {row["domain"]: row for row in lines.to_dict("records")}
    for domain, part in parameters.groupby("domain", sort=False):
        told = [
            estimate_text(row["value"], row["low"], row["high"], form=".3g")
            if row["identified"]
            else number_text(row["value"], ".3g") + ", not identified"
            for row in part.to_dict("records")
        ]
        line = straight[domain]
        misfit = "–" if pd.isna(line["misfit"]) else f"{line['misfit']:.1f} (p = {line['misfit_p']:.2g})"
        rows.append([str(domain), *told, number_text(line["alpha"], ".3f"), f"{line['r_squared']:.3f}", misfit])
    return rows


def count_rows(counts: pd.DataFrame) -> list[list[str]]:
    """Law, numbers a domain and in all, and for what."""
    return [
        [row["law"], str(row["per_domain"]), str(row["in_all"]), "each step" if row["each_step"] else "all steps"]
        for row in counts.to_dict("records")
    ]


def spread_rows(tables: Tables, cells: pd.DataFrame) -> list[list[str]]:
    """Domain, its fitted proportions, those asked about and by which factor these lie outside; most epochs of a run."""
    runs = tables.study.runs
    fitted, asked = (runs.rows(tables.study.of(names)) for names in (tables.fitted, tables.predicted))
    rows = []
    for i, domain in enumerate(runs.domains):
        low, high = float(fitted.mixture[:, i].min()), float(fitted.mixture[:, i].max())
        others = list(dict.fromkeys(asked.mixture[:, i].round(4)))
        factor = max(max(low / one, one / high, 1) for one in others)
        numbers = [f"{low:.3f}–{high:.3f}", ", ".join(f"{one:.3f}" for one in others)]
        rows.append([domain, *numbers, f"{factor:.1f}", f"{cells[f'epochs.{domain}'].max():.2f}"])
    return rows


def _percent(value: float) -> str:
    return f"{100 * value:.2f}"


def _span(values: pd.Series) -> str:
    return f"{100 * values.min():.2f}–{100 * values.max():.2f}"

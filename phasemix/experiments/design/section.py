"""What the section of a designed set says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.number_text import number_text
from phasemix.experiments.design.questions import LEARNING
from phasemix.experiments.design.tables import Tables

BAR = 0.01  # that the best law was to reach on held-out mixtures
ASKED = {
    "mixtures": "Mixtures that were held out",
    "steps": "The last steps",
    "size": "The largest size",
}


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    runs = tables.runs
    assert runs.size is not None
    return {
        "mixtures": int(runs.mixture_numbers.max()) + 1,
        "sizes": sorted({int(size) for size in runs.size}),
        "bar": bar(tables),
        "scores": {words: score_rows(tables.answers[name]) for name, words in ASKED.items()},
        "learning": learning_rows(tables.errors("learning")),
        "learning_columns": [
            str(count) for count in LEARNING if str(count) in set(tables.answers["learning"]["setting"])
        ],
        "six": six_rows(tables),
        "domains": domain_rows(tables.answers["mixtures"]),
        "notes": {name: notes for name, notes in tables.notes.items() if notes},
    }


def bar(tables: Tables) -> dict[str, str]:
    """The best law on held-out mixtures and BiMix, and whether the bar was met."""
    errors = tables.errors("mixtures").sort_values()
    best = str(errors.index[0])
    return {
        "best": best,
        "error": f"{100 * errors.iloc[0]:.2f}",
        "bimix": f"{100 * errors['bimix']:.2f}" if "bimix" in errors else "–",
        "met": "met" if errors.iloc[0] <= BAR else "not met",
    }


def score_rows(table: pd.DataFrame) -> list[list[str]]:
    """Law, domains, error in per cent and in units of noise, R², rank correlation and fitted numbers: means."""
    grouped = table.groupby("law")
    means = grouped[["mean_relative_error", "noise_multiple", "r2_log", "spearman", "n_parameters"]].mean()
    counts = grouped["domain"].nunique()
    rows = []
    for law, row in means.sort_values("mean_relative_error").iterrows():
        numbers = (
            f"{100 * row['mean_relative_error']:.2f}",
            "–" if pd.isna(row["noise_multiple"]) else f"{row['noise_multiple']:.1f}",
            number_text(row["r2_log"], ".3f"),
            "–" if pd.isna(row["spearman"]) else number_text(100 * row["spearman"], ".1f"),
            f"{row['n_parameters']:.0f}",
        )
        rows.append([str(law), str(counts.to_dict()[law]), *numbers])
    return rows


def learning_rows(errors: pd.Series) -> list[list[str]]:
    """Law, and its error in per cent by the number of mixtures fitted, the best at the most mixtures first."""
    return _by_setting(errors, sorted(set(errors.index.get_level_values("setting")), key=int))


def six_rows(tables: Tables) -> list[list[str]]:
    """Law, its error in per cent fitted on paper B's mixtures, and on as many of the design."""
    return _by_setting(tables.errors("six"), ["paper B's", "designed"])


def _by_setting(errors: pd.Series, settings: list[str]) -> list[list[str]]:
    """Law, and its error in per cent in every setting, the best in the last one first."""
    wide = errors.reset_index(name="error").pivot_table(index="law", columns="setting", values="error")
    wide = 100 * wide.reindex(columns=settings).sort_values(settings[-1])
    return [
        [str(law), *("–" if np.isnan(value) else f"{value:.2f}" for value in row)]
        for law, row in zip(wide.index, wide.to_numpy(float), strict=True)
    ]


def domain_rows(table: pd.DataFrame) -> list[list[str]]:
    """Law, and its error in per cent by domain, for mixtures that were held out."""
    wide = 100 * table.pivot_table(index="law", columns="domain", values="mean_relative_error", sort=False)
    wide = wide.loc[wide.mean(axis=1).sort_values().index]
    heads = [["domain", *map(str, wide.columns)]]
    return heads + [
        [str(law), *("–" if np.isnan(value) else f"{value:.2f}" for value in row)]
        for law, row in zip(wide.index, wide.to_numpy(float), strict=True)
    ]

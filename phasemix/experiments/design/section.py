"""What the section of a designed set says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.number_text import number_text
from phasemix.experiments.design.tables import Tables
from phasemix.fitting.runs import Runs

BAR = 0.01  # that the best law was to reach on held-out mixtures
ASKED = {
    "mixtures": "Mixtures that were held out",
    "steps": "The last steps",
    "size": "The largest size",
}


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    learning = tables.errors("learning")
    counts = sorted(set(learning.index.get_level_values("setting")), key=int)
    return {
        "sizes": size_texts(tables.runs),
        "noise": next((note.partition(": ")[2] for note in tables.notes["six"] if "repeat a mixture" in note), None),
        "bar": bar(tables),
        "scores": {words: score_rows(tables.answers[name]) for name, words in ASKED.items()},
        "learning": by_setting(learning, counts),
        "learning_columns": counts,
        "epochs": f"{most_epochs(pd.read_csv(folder / 'cells.csv')):.1f}",
        "six": by_setting(tables.errors("six"), ["paper B's", "designed"]),
        "domains": domain_rows(tables.answers["mixtures"]),
        "notes": {name: notes for name, notes in tables.notes.items() if notes},
    }


def size_texts(runs: Runs) -> list[str]:
    """Parameters of every size, and of how many mixtures, large to small."""
    assert runs.size is not None
    return [
        f"{len(np.unique(runs.mixture_numbers[runs.size == size]))} at {size:,.0f} parameters"
        for size in sorted(set(runs.size), reverse=True)
    ]


def most_epochs(cells: pd.DataFrame) -> float:
    """How often a run read the text of a domain at most."""
    return float(cells[[name for name in map(str, cells) if name.startswith("epochs.")]].to_numpy(float).max())


def bar(tables: Tables) -> dict[str, str]:
    """The best law on held-out mixtures and BiMix, and whether the bar was met."""
    errors = tables.errors("mixtures").sort_values()
    best = str(errors.index[0])
    return {
        "best": best,
        "error": f"{100 * errors.iloc[0]:.2f}",
        "bimix": f"has {100 * errors['bimix']:.2f} %" if "bimix" in errors else "could not be fitted",
        "met": "met" if errors.iloc[0] <= BAR else "not met",
    }


def score_rows(table: pd.DataFrame) -> list[list[str]]:
    """Law, domains, error in per cent, R², rank correlation and fitted numbers: means."""
    grouped = table.groupby("law")
    means = grouped[["mean_relative_error", "r2_log", "spearman", "n_parameters"]].mean()
    counts = grouped["domain"].nunique()
    rows = []
    for law, row in means.sort_values("mean_relative_error").iterrows():
        numbers = (
            f"{100 * row['mean_relative_error']:.2f}",
            number_text(row["r2_log"], ".3f"),
            "–" if pd.isna(row["spearman"]) else number_text(100 * row["spearman"], ".1f"),
            f"{row['n_parameters']:.0f}",
        )
        rows.append([str(law), str(counts.to_dict()[law]), *numbers])
    return rows


def by_setting(errors: pd.Series, settings: list[str]) -> list[list[str]]:
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

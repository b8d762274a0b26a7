"""What the section of a designed set says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.number_text import estimate_text, number_text
from phasemix.experiments.design.findings import PLACES, measure
from phasemix.experiments.design.questions import NEW, OLD
from phasemix.experiments.design.tables import Tables
from phasemix.fitting.runs import Runs

BAR = 0.01  # that the best law was to reach on held-out mixtures
NEAR = 1.1  # a law has enough mixtures as soon as its error is within this factor of its least
MOST = 1000.0  # per cent; of larger errors only this is told
ASKED = (
    ("mixtures", None, "Mixtures that were held out"),
    ("steps", None, "The last steps"),
    ("size", OLD, "The largest size, on mixtures that smaller ones have"),
    ("size", NEW, "The largest size, on new mixtures"),
)


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables, found = Tables.read(folder, options), measure(folder, options)
    counts = sorted(tables.settings("learning"), key=int)
    asked = [
        (words, tables.answers_of(question, setting))
        for question, setting, words in ASKED
        if setting is None or setting in tables.settings(question)
    ]
    return {
        "sizes": size_texts(tables.runs),
        "noise": next((note.partition(": ")[2] for note in tables.notes["six"] if "repeat a mixture" in note), None),
        "bar": bar(found["mixtures"]),
        "scores": {words: score_rows(table) for words, table in asked},
        "domains": {words: domain_rows(table) for words, table in asked},
        "places": place_rows(found["mixtures"]),
        "learning": learning_rows(tables, counts),
        "learning_columns": counts,
        "epochs": f"{most_epochs(pd.read_csv(folder / 'cells.csv')):.1f}",
        "six": six_rows(found["six"]),
        "six_columns": list(found["six"]),
        "exponents": exponent_rows(tables.exponents),
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


def bar(mixtures: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The best law on held-out mixtures, without its hardest domain as well, BiMix, and whether the bar was met."""
    name, best = next(iter(mixtures.items()))
    return {
        "best": name,
        "error": percent(best["error"]),
        "hardest": best["hardest"],
        "others": percent(best["others"]),
        "bimix": f"has {percent(mixtures['bimix']['error'])} %" if "bimix" in mixtures else "could not be fitted",
        "met": "met" if best["error"] <= BAR else "not met",
    }


def percent(share: float) -> str:
    """A share in per cent, with two digits behind the point; nothing finer of what is absurd."""
    if np.isnan(share):
        return "–"
    return f"{100 * share:.2f}" if 100 * share <= MOST else f"> {MOST:,.0f}"


def score_rows(table: pd.DataFrame) -> list[list[str]]:
    """Law, domains, error in per cent, R², rank correlation and fitted numbers: means."""
    grouped = table.groupby("law")
    means = grouped[["mean_relative_error", "r2_log", "spearman", "n_parameters"]].mean()
    counts = grouped["domain"].nunique()
    rows = []
    for law, row in means.sort_values("mean_relative_error").iterrows():
        numbers = (
            percent(row["mean_relative_error"]),
            number_text(row["r2_log"], ".3f"),
            "–" if pd.isna(row["spearman"]) else number_text(100 * row["spearman"], ".1f"),
            f"{row['n_parameters']:.0f}",
        )
        rows.append([str(law), str(counts.to_dict()[law]), *numbers])
    return rows


def place_rows(mixtures: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    """Law, and its error in per cent on held-out mixtures at the centre, in corners and between."""
    return [
        [law, *(percent(found["places"].get(place, np.nan)) for place in PLACES)] for law, found in mixtures.items()
    ]


def learning_rows(tables: Tables, counts: list[str]) -> list[list[str]]:
    """Law, its error in per cent by number of mixtures with the range over draws, and how many are enough."""
    wide = pd.DataFrame({count: tables.errors("learning", count) for count in counts})
    errors = tables.errors_by_run["learning"]
    draws = errors.groupby(["law", "setting", "split"])["relative_error"].mean().groupby(["law", "setting"])
    low, high = draws.min(), draws.max()
    rows = []
    wide = wide.sort_values(counts[-1])
    for law, of_law in zip(map(str, wide.index), wide.to_numpy(float), strict=True):
        row = pd.Series(of_law, counts)
        numbers = [
            "–"
            if pd.isna(row[count])
            else f"{percent(row[count])} ({percent(low[law, count])}–{percent(high[law, count])})"
            for count in counts
        ]
        rows.append([law, *numbers, enough(row)])
    return rows


def enough(errors: pd.Series) -> str:
    """The least number of mixtures from which on a law's errors stay within a factor of its least; a dash for none."""
    near = (errors <= NEAR * errors.min())[::-1].cummin()[::-1]
    return str(near.idxmax()) if near.any() else "–"


def six_rows(six: Mapping[str, Mapping[str, float]]) -> list[list[str]]:
    """Law, and its error in per cent by what it was fitted on, the best in the last one first."""
    wide = pd.DataFrame(six)
    wide = wide.sort_values(str(wide.columns[-1]))
    return [[str(law), *map(percent, row)] for law, row in zip(wide.index, wide.to_numpy(float), strict=True)]


def exponent_rows(table: pd.DataFrame) -> list[list[str]]:
    """Domain, and BiMix's exponent with its interval by what it was fitted on."""
    texts = [
        estimate_text(alpha, low, high, form=".3f")
        for alpha, low, high in zip(table["alpha"], table["low"], table["high"], strict=True)
    ]
    wide = table.assign(text=texts).pivot_table(
        index="domain", columns="fitted_on", values="text", aggfunc="first", sort=False
    )
    return [["domain", *map(str, wide.columns)]] + [
        [str(domain), *row] for domain, row in zip(wide.index, wide.to_numpy(str).tolist(), strict=True)
    ]


def domain_rows(table: pd.DataFrame) -> list[list[str]]:
    """Law, and its error in per cent by domain."""
    wide = table.pivot_table(index="law", columns="domain", values="mean_relative_error", sort=False)
    wide = wide.loc[wide.mean(axis=1).sort_values().index]
    heads = [["law", *map(str, wide.columns)]]
    return heads + [[str(law), *map(percent, row)] for law, row in zip(wide.index, wide.to_numpy(float), strict=True)]

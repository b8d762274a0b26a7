"""What the section of the law that sees the cliff says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.number_text import estimate_text, number_text
from phasemix.experiments.cliff.comparisons import ALL, CLIFF, LARGER, SIGMOID, SMOOTH
from phasemix.experiments.cliff.tables import Tables
from phasemix.report.figure_style import ratio_text

KINDS = {"above": "far side of the cliff, above", "below": "far side of the cliff, below", LARGER: "a larger size"}
MOST_ERROR, PART, MOST_OFF = 0.1, 0.5, 0.3
MEANINGS = {
    "V": "nats per token that knowing all facts is worth",
    "kappa": "κ: bits that a parameter holds, times the tokens per bit to the power −η",
    "eta": "η: how the bits that a parameter holds rise with exposures",
    "sigma": "σ: how unlike facts are; 0 is a cliff",
    "b": "b: exponent of the web loss in its part of the capacity",
    "g": "g: what a guesser scores",
}


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "scores": score_rows(tables.scores),
        "critical": critical_rows(tables.critical),
        "parameters": parameter_rows(tables.parameters),
        "verdicts": verdicts(tables),
    }


def score_rows(scores: pd.DataFrame) -> list[list[str]]:
    """Scope, what was held out, law, cells, error of recall in points, errors of losses: means over sizes."""
    rows = []
    for (scope, kind), part in scores.groupby(["scope", "held_out"], sort=False):
        means = part.groupby("law", sort=False).agg(
            cells=("cells", "sum"),
            recall=("recall_error", "mean"),
            dense=("dense_loss_error", "mean"),
            base=("base_loss_error", "mean"),
        )
        for law, row in means.sort_values("recall", kind="stable").iterrows():
            errors = [f"{100 * row['recall']:.1f}", *(_percent(row[name]) for name in ("dense", "base"))]
            rows.append([_scope(str(scope)), KINDS[str(kind)], str(law), f"{row['cells']:.0f}", *errors])
    return rows


def critical_rows(critical: pd.DataFrame) -> list[list[str]]:
    """Scope, size, people, measured ratio, law, predicted ratio, error in per cent; where something was measured."""
    told = critical[critical["measured"].notna() & critical["predicted"].notna()]
    return [
        [
            _scope(row["scope"]),
            row["size"],
            f"{row['people']:,}",
            ratio_text(round(row["measured"], 3)),
            row["law"],
            ratio_text(round(row["predicted"], 3)),
            f"{number_text(100 * row['error'], '+.0f')} %",
        ]
        for row in told.to_dict("records")
    ]


def parameter_rows(parameters: pd.DataFrame) -> list[list[str]]:
    """What the parameters mean, and their values with intervals."""
    rows = []
    for row in parameters.to_dict("records"):
        if row["parameter"] in MEANINGS:
            told = (
                estimate_text(row["value"], row["low"], row["high"], form=".3g")
                if row["identified"]
                else number_text(row["value"], ".3g") + ", not identified"
            )
            rows.append([MEANINGS[row["parameter"]], told])
    return rows


def verdicts(tables: Tables) -> list[tuple[str, str]]:
    """What the law did of what was asked of it before it was written.

    On the far side of the cliff, recall within ``MOST_ERROR`` and within ``PART`` of the best law of losses; at a size
    that was held out, critical ratios within ``MOST_OFF``.
    """
    errors = tables.scores.groupby(["scope", "held_out", "law"])["recall_error"].mean()
    found = []
    for scope in dict.fromkeys(tables.scores["scope"]):
        for kind, words in KINDS.items():
            here = errors.get(scope, pd.Series(dtype=float)).get(kind, pd.Series(dtype=float))
            if CLIFF not in here:
                continue
            smooth = here[[law for law in SMOOTH if law in here]]
            told = (
                f"{100 * here[CLIFF]:.1f} points; the best law of losses {100 * smooth.min():.1f} ({smooth.idxmin()})"
            )
            told += f"; the sigmoid {100 * here[SIGMOID]:.1f}" if SIGMOID in here else ""
            if kind != LARGER:
                met = here[CLIFF] <= MOST_ERROR and here[CLIFF] < PART * smooth.min()
                told += f"; {'met' if met else 'not met'}"
            found.append((f"{_scope(str(scope))}, {words}", told))
    own = tables.critical[tables.critical["law"] == CLIFF].dropna(subset=["error"])
    if len(own):
        worst = float(np.abs(own["error"]).max())
        met = "met" if worst <= MOST_OFF else "not met"
        found.append(("critical ratios of held-out sizes", f"{len(own)}, off by {100 * worst:.0f} % at most; {met}"))
    return found


def _scope(scope: str) -> str:
    return "all cells" if scope == ALL else f"{scope} people"


def _percent(error: float) -> str:
    return "–" if pd.isna(error) else f"{100 * error:.1f} %"

"""What the section of a contest of mixers says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.number_text import number_text, row_text
from phasemix.experiments.mixers.spec import CHARGED, FREE
from phasemix.experiments.mixers.tables import Tables
from phasemix.mixers import load_mixer


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    free, charged = tables.of_budget(FREE), tables.of_budget(CHARGED).set_index("contestant")
    lost = [name for name in options["contestants"] if name not in set(free["contestant"])]
    return {
        "size": options["size"],
        "small": options["small"],
        "million_tokens": f"{options['target_tokens'] / 1e6:.1f}",
        "baseline": options["baseline"],
        "domains": options["domains"],
        "seeds": len(options["seeds"]),
        "diverged": [*lost, *free.loc[free["diverged"] > 0, "contestant"]],
        "seen": options["seen_tokens"],
        "first": first(free),
        "first_paid": first(charged.reset_index()),
        "ranks": [rank_row(row, charged) for row in free.to_dict("records")],
        "choices": choice_rows(tables),
        "predicted": predicted_rows(tables),
        "mixers": [mixer_row(name, options) for name in free["contestant"]],
    }


def first(ranked: pd.DataFrame) -> dict[str, Any]:
    """The contestant of the least loss, how many others there are, and how many of them may have its rank."""
    leader = ranked.sort_values("loss").iloc[0]
    alike = int((ranked["rank_best"] == 1).sum()) - 1
    return {"name": leader["contestant"], "others": len(ranked) - 1, "alike": alike}


def rank_row(row: Mapping[Any, Any], charged: pd.DataFrame) -> list[str]:
    """Contestant, rank, rank if it pays, loss, gains, worst excess, tokens to the baseline, accuracies, cost."""
    name = row["contestant"]
    paid = charged.loc[name].to_dict() if name in charged.index else None
    return [
        name,
        _rank(row),
        "–" if paid is None else _rank(paid),
        row_text(row, "loss", ".3f", scale=1),
        row_text(row, "gain", "+.3f", scale=1),
        "–" if paid is None else row_text(paid, "gain", "+.3f", scale=1),
        "–" if pd.isna(row["worst"]) else number_text(row["worst"], "+.3f"),
        "–" if pd.isna(row["to_baseline"]) else f"{row['to_baseline'] / 1e6:.1f}",
        row_text(row, "recall", ".0f"),
        row_text(row, "cloze", ".1f"),
        f"{100 * row['search']:.0f}",
    ]


def _rank(row: Mapping[Any, Any]) -> str:
    return f"{row['rank']} ({row['rank_best']}–{row['rank_worst']})"


def choice_rows(tables: Tables) -> list[list[str]]:
    """Contestant, the phase's end, proportions of every domain, and the most epochs of any."""
    rows = []
    for (contestant, _), part in tables.choices.groupby(["contestant", "until"], sort=False):
        shown = [f"{100 * value:.1f}" for value in part["proportion"]]
        read = [f"{100 * value:.1f}" for value in part["read"]]
        rows.append([str(contestant), f"{100 * part['until'].iloc[0]:.0f}", *shown, f"{part['epochs'].max():.1f}"])
        if shown != read:
            rows.append([str(contestant), "read", *read, f"{part['epochs'].max():.1f}"])
    return rows


def predicted_rows(tables: Tables) -> list[list[str]]:
    """Contestant, predicted and trained mean loss, and the gains over equal proportions, predicted and trained."""
    means = tables.predicted.groupby("contestant", sort=False).mean(numeric_only=True)
    losses, gains = ("predicted", "trained"), ("predicted_gain", "trained_gain")
    return [
        [
            str(name),
            *(number_text(row[column], ".3f") for column in losses),
            *("–" if pd.isna(row[column]) else number_text(row[column], "+.3f") for column in gains),
        ]
        for name, row in means.iterrows()
    ]


def mixer_row(contestant: str, options: Mapping[str, Any]) -> list[str]:
    """Contestant, and what its mixer needs, costs and assumes, and where it is from."""
    chosen = options["contestants"][contestant]
    mixer = load_mixer(chosen["mixer"] or contestant, chosen["options"])
    weights = chosen["sample_weights"]
    more = f"; samples weighed by {weights['strategy']}" if weights else ""
    return [contestant, mixer.needs, mixer.costs, mixer.assumes, mixer.source + more]

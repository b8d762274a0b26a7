"""What the section of mixing laws on published runs says: every comparison, beside the errors that were published."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.files import read_json
from phasemix.experiments.published_runs.regmix import COMMIT
from phasemix.experiments.published_runs.spec import COMPARISONS
from phasemix.fitting.comparison import summary_of
from phasemix.laws import NAMES, load_law

OURS = ("transfer", "kriging")


@dataclass(frozen=True)
class Reference:
    """A number that was published: by whom, for what, error and rank correlation in per cent."""

    who: str
    error: float | None = None
    spearman: str | None = None


REFERENCES = {
    "1M-to-1M": [Reference("RegMix: LightGBM, per domain", spearman="97–99.8")],
    "1M-to-1B": [Reference("RegMix: LightGBM", spearman="97"), Reference("RegMix: linear", spearman="88")],
    "1B-folds": [
        Reference("capacity allocation, by its authors", 1.533),
        Reference("the same without its noise term, by the same", 2.064),
        Reference("additive, by the same", 2.209),
        Reference("BiMix, by the same", 2.963),
        Reference("RegMix’s regression, by the same", 6.480),
        Reference("exponential, by the same", 6.990),
    ],
}
"""RegMix's rank correlations (arXiv 2407.01492), and the errors that arXiv 2606.08167 published for its 64 runs at 1B.

The correlations at 1B are of RegMix's target loss. The errors are of a 70/30 split of their authors, over all 17
domains, counted only where a domain's weight is positive.
"""

WORDS = {
    "1M-to-1M": ("Other mixtures, same size", "Fitted on 512 runs at 1M, asked about 256 other mixtures at 1M."),
    "1B-folds": (
        "Other mixtures at 1B",
        "64 runs at 1B, cross-validated: every mixture is predicted by fits that did not see it.",
    ),
    "1M-to-60M": (
        "From 1M to 60M",
        "The fits at 1M, asked about 256 mixtures at 60M, whose losses are of another size: only their order counts.",
    ),
    "1M-to-1B": ("From 1M to 1B", "512 runs at 1M, asked about 64 mixtures at 1B; only the order counts."),
    "60M-to-1B": ("From 60M to 1B", "256 runs at 60M, asked about 64 mixtures at 1B; only the order counts."),
    "1M-60M-to-1B": (
        "From both to 1B, as laws of size",
        "1,024 runs at 1M and 60M with their sizes, asked for 64 mixtures at 1B: but two sizes fix no law of size.",
    ),
}
RANKS_ALONE = ("1M-to-60M", "1M-to-1B", "60M-to-1B")


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 (the face of sections)
    """What ``section.html`` needs, from the folder of the comparisons' tables."""
    sections = []
    for name in COMPARISONS:
        table = pd.read_csv(folder / f"{name}.csv")
        notes = read_json(folder / f"{name}.notes.json")
        order = "spearman" if name in RANKS_ALONE else "mean_relative_error"
        summary = summary_of(table).merge(
            table.groupby("law").agg(worst=("mean_relative_error", "max"), parameters=("n_parameters", "mean")),
            on="law",
        )
        title, text = WORDS[name]
        sections.append(
            {
                "name": name,
                "title": title,
                "text": text,
                "rows": summary.sort_values(order, ascending=order != "spearman").to_dict("records"),
                "ranks_alone": name in RANKS_ALONE,
                "references": REFERENCES.get(name, []),
                "notes": [note for note in notes if note.startswith("left out")],
                "counts": (int(table["n_train"].iloc[0]), int(table["n_test"].iloc[0])),
            }
        )
    return {
        "sections": sections,
        "by_domain": _by_domain(pd.read_csv(folder / "1B-folds.csv")),
        "laws": [load_law(name) for name in NAMES],
        "ours": OURS,
        "commit": COMMIT,
    }


def _by_domain(table: pd.DataFrame) -> pd.DataFrame:
    """Mean relative errors in per cent: one row per domain, one column per law, the best law first."""
    wide = 100 * table.pivot_table(index="domain", columns="law", values="mean_relative_error", sort=False)
    return wide[wide.mean().sort_values().index]

"""What the section of mixing laws on a table of runs says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.files import read_json


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 (the face of sections)
    """What ``section.html`` needs: every law's mean scores, the best first, and the best mixture."""
    table = pd.read_csv(folder / "comparison.csv")
    means = table.groupby("law")[["mean_relative_error", "r2_log", "spearman"]].mean()
    scores = means.sort_values("mean_relative_error")
    optimum = read_json(folder / "optimum.json")
    return {
        "rows": [
            [law, f"{100 * error:.2f} %", f"{r2:.3f}", f"{100 * rank:.1f}"]
            for law, (error, r2, rank) in zip(scores.index, scores.to_numpy(float), strict=True)
        ],
        "domains": table["domain"].nunique(),
        "mixture": [
            [
                row["domain"],
                f"{row['proportion']:.4f}",
                _span(row["low"], row["high"]),
                _span(row["flat_low"], row["flat_high"]),
            ]
            for row in optimum["mixture"]
        ],
        "confidence": optimum["confidence"],
        "certificate": optimum["certificate"],
    }


def _span(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{low:.3f}–{high:.3f}"

"""What the section of a study of PopQA says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.experiments.by_popularity import told_sizes
from phasemix.experiments.popqa.tables import Tables


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    agreement = tables.agreement.to_dict("records")
    held_out = [name for name, about in options["models"].items() if about["held_out"]]
    return {
        **told_sizes(tables, threshold=".3g"),
        "questions": agreement[0]["questions"],
        "held_out": held_out,
        "agreement": [_agreement_row(row) for row in agreement] if options["judge"] else [],
    }


def _agreement_row(row: Mapping[Any, Any]) -> list[str]:
    """Model, accuracy by PopQA's criterion and by the judge, agreement of clear verdicts, unclear verdicts."""
    shares = (f"{100 * row[name]:.1f}" for name in ("alias_match", "judged", "agreement"))
    return [row["model"], *shares, f"{row['unclear']:.0f}"]

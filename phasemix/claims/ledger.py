"""The ledger of a study: every claim, what the study's experiments measured of it, and a verdict.

Format: ``ledger.csv``, one row per claim: ``id``, ``statement``, ``published``, ``criterion``, ``history``,
``measured``, ``verdict``, and ``experiments``, the names of those that its test was given.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from phasemix.base.files import read_json, write_rows
from phasemix.claims.catalogue import claims
from phasemix.claims.claim import Findings
from phasemix.experiments.experiment import module_of

COLUMNS = ("id", "statement", "published", "criterion", "history", "measured", "verdict", "experiments")


def read_findings(experiments: Mapping[str, str], tables: Callable[[str], Path]) -> Findings:
    """What experiments (name to kind) found; kinds without findings are left out.

    Args:
        experiments: from names to kinds.
        tables: from a name to the folder of its tables.
    """
    found: dict[str, dict[str, Any]] = {}
    for experiment, kind in experiments.items():
        if module_of(kind, "findings"):
            found.setdefault(kind, {})[experiment] = read_json(tables(experiment) / "findings.json")
    return found


def ledger(findings: Findings) -> list[dict[str, str]]:
    """One row per claim, in natural order of the claims' ids."""
    rows = []
    for claim in claims():
        found = claim.judged(findings)
        used = [name for kind in claim.kinds for name in findings.get(kind, {})]
        texts = {key: getattr(claim, key) for key in ("id", "statement", "published", "criterion", "history")}
        rows.append(texts | {"measured": found.measured, "verdict": found.verdict, "experiments": ", ".join(used)})
    return rows


def write_ledger(path: Path, findings: Findings) -> None:
    """Write the ledger to ``path``."""
    write_rows(path, ledger(findings), COLUMNS)

"""Critical points and the ledger of one experiment: python scripts/critical.py --help."""

import argparse
from pathlib import Path

import pandas as pd

from phasemix.analysis.claims import Study, ledger
from phasemix.analysis.critical_points import Accuracies, accuracy_intervals, critical_points
from phasemix.analysis.spec import Analysis
from phasemix.base.errors import run
from phasemix.base.files import write_csv


def main() -> None:
    """Read the study's tables, write its analysis."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transition", type=Path, required=True, help="the study's table")
    parser.add_argument("--people", type=Path, required=True, help="questions by person")
    parser.add_argument("--analysis", type=Analysis.model_validate_json, required=True, help="JSON")
    parser.add_argument("--seed", type=int, required=True)
    for name in ("accuracy", "critical", "ledger"):
        parser.add_argument(f"--{name}", type=Path, required=True, help="table to write")
    args = parser.parse_args()
    table, people = pd.read_csv(args.transition), pd.read_parquet(args.people)
    accuracies = Accuracies(table, people, args.analysis, args.seed)
    critical = critical_points(accuracies)
    write_csv(args.accuracy, accuracy_intervals(accuracies))
    write_csv(args.critical, critical)
    write_csv(args.ledger, ledger(Study(table, people, accuracies, critical)))


if __name__ == "__main__":
    run(main)

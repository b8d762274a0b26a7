"""Compare all laws on published runs: python scripts/published_comparison.py --help."""

import argparse
from pathlib import Path

import pandas as pd

from phasemix.base.errors import run
from phasemix.base.files import write_csv, write_json
from phasemix.base.sources import refuse_edited_code
from phasemix.commands.output import check_out
from phasemix.experiments.published_runs.comparisons import compare_published
from phasemix.experiments.published_runs.spec import COMPARISONS
from phasemix.laws import NAMES, load_law


def main() -> None:
    """Read the tables, write the scores and what was left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comparison", choices=COMPARISONS, required=True)
    parser.add_argument("--runs", type=Path, nargs="+", required=True, help="tables of runs")
    parser.add_argument("--folds", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--table", type=Path, required=True, help="scores to write")
    parser.add_argument("--notes", type=Path, required=True, help="JSON list to write")
    args = parser.parse_args()
    check_out(args.table, option="--table")
    check_out(args.notes, option="--notes")
    tables = {path.stem: pd.read_csv(path, dtype={"run": str}) for path in args.runs}
    laws = [load_law(name) for name in NAMES]
    refuse_edited_code()  # they were imported just now
    found = compare_published(args.comparison, tables, laws, count=args.folds, seed=args.seed)
    write_json(args.notes, found.notes)
    write_csv(args.table, found.table)


if __name__ == "__main__":
    run(main)

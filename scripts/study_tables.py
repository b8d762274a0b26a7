"""Gather the cells of one experiment into its tables: python scripts/study_tables.py --help."""

import argparse
from pathlib import Path

from phasemix.analysis.tables import write_tables
from phasemix.base.errors import run
from phasemix.study.grid import Grid


def main() -> None:
    """Read every cell's evaluation and run, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--experiment", required=True)
    parser.add_argument("--grid", type=Grid.model_validate_json, required=True, help="JSON: blocks of cells")
    parser.add_argument("--evaluations", type=Path, required=True, help="the experiment's evaluations folder")
    parser.add_argument("--runs", type=Path, required=True, help="the experiment's runs folder")
    parser.add_argument("--templates", choices=("all", "shown", "heldout"), required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    args = parser.parse_args()
    write_tables(
        args.experiment,
        evaluations=[args.evaluations / cell.path for cell in args.grid.cells()],
        runs=[args.runs / cell.path for cell in args.grid.cells()],
        templates=args.templates,
        folder=args.out,
    )


if __name__ == "__main__":
    run(main)

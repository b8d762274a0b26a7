"""Gather the cells of an experiment with horizons: python scripts/horizon_table.py --help."""

import argparse
from pathlib import Path

from phasemix.analysis.tables import study_facts, transition_table
from phasemix.base.errors import run
from phasemix.base.files import write_csv, write_json
from phasemix.study.grid import Grid


def main() -> None:
    """Read every cell's evaluation and run and every trunk, write the table and the facts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grid", type=Grid.model_validate_json, required=True, help="JSON: blocks of cells")
    parser.add_argument("--horizons", type=int, nargs="+", required=True, help="tokens")
    parser.add_argument("--evaluations", type=Path, required=True, help="the experiment's evaluations folder")
    parser.add_argument("--runs", type=Path, required=True, help="the experiment's runs folder")
    parser.add_argument("--trunks", type=Path, required=True, help="the experiment's trunks folder")
    parser.add_argument("--table", type=Path, required=True, help="CSV to write")
    parser.add_argument("--facts", type=Path, required=True, help="JSON to write")
    args = parser.parse_args()
    paths = [cell.path for cell in args.grid.cells(args.horizons)]
    evaluations, runs, trunks = (
        [folder / path for path in paths] for folder in (args.evaluations, args.runs, args.trunks)
    )
    write_csv(args.table, transition_table(evaluations))
    write_json(args.facts, study_facts(evaluations, runs, trunks))


if __name__ == "__main__":
    run(main)

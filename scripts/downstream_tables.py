"""Make the tables of downstream tasks: python scripts/downstream_tables.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.experiments.downstream.tables import write_tables


def main() -> None:
    """Write the tables of all models' answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=Path, nargs="+", required=True, help="JSON files, one per model")
    parser.add_argument("--confidence", type=float, required=True, help="of intervals over seeds")
    parser.add_argument("--out", type=Path, required=True, help="folder of the experiment's tables")
    args = parser.parse_args()
    write_tables(args.answers, args.confidence, args.out)


if __name__ == "__main__":
    run(main)

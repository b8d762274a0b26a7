"""Fit BiMix's exponents on two sets of runs: python scripts/design_exponents.py --help."""

import argparse
from pathlib import Path

import pandas as pd

from phasemix.base.errors import run
from phasemix.base.files import write_csv
from phasemix.base.sources import refuse_edited_code
from phasemix.commands.output import check_out
from phasemix.experiments.design.exponents import exponents
from phasemix.experiments.design.questions import thinned
from phasemix.fitting.runs_table import to_runs


def main() -> None:
    """Read both tables of runs, write the exponents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, required=True, help="the designed set's table of runs")
    parser.add_argument("--six", type=Path, required=True, help="that of paper B's mixtures")
    parser.add_argument("--points", type=int, required=True, help="evaluation points of a run that are used")
    parser.add_argument("--confidence", type=float, required=True, help="of intervals")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--table", type=Path, required=True, help="CSV to write")
    args = parser.parse_args()
    check_out(args.table, option="--table")
    runs, six = (to_runs(thinned(pd.read_csv(path, dtype={"run": str}), args.points)) for path in (args.runs, args.six))
    refuse_edited_code()
    write_csv(args.table, exponents(runs, six, args.confidence, args.seed))


if __name__ == "__main__":
    run(main)

"""Gather the cells of an experiment in tables: python scripts/cells.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.experiments.cells_table import Cells, write_cells
from phasemix.study.cell_key import CellKey


def main() -> None:
    """Read every cell's run and evaluation, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--experiment", required=True)
    parser.add_argument("--results", type=Path, required=True, help="the folder of the scale's results")
    parser.add_argument("--cells", type=CellKey.parse, nargs="+", required=True, help="as size=58k/ratio=0.2/seed=0")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    args = parser.parse_args()
    folders = [args.results / stage / args.experiment for stage in ("runs", "evaluations", "trunks")]
    write_cells(Cells(args.cells, *folders), args.out)


if __name__ == "__main__":
    run(main)

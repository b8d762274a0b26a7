"""Make the tables of one experiment of any kind: python scripts/tables.py --help."""

import argparse
import json
from importlib import import_module
from pathlib import Path

from phasemix.base.errors import run
from phasemix.experiments.cells_table import Cells
from phasemix.study.cell_key import CellKey


def main() -> None:
    """Write the kind's tables beside the generic ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", required=True)
    parser.add_argument("--experiment", required=True)
    parser.add_argument("--results", type=Path, required=True, help="the folder of the scale's results")
    parser.add_argument("--cells", type=CellKey.parse, nargs="*", default=[], help="as size=58k/ratio=0.2/seed=0")
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: what the kind's tables depend on")
    parser.add_argument("--out", type=Path, required=True, help="folder of the experiment's tables")
    args = parser.parse_args()
    folders = [args.results / stage / args.experiment for stage in ("runs", "evaluations", "trunks")]
    tables = import_module(f"phasemix.experiments.{args.kind}.tables")
    tables.write(Cells(args.cells, *folders), args.options, args.out)


if __name__ == "__main__":
    run(main)

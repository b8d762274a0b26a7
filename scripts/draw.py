"""Draw figures of one experiment of any kind: python scripts/draw.py --help."""

import argparse
import json
from importlib import import_module
from pathlib import Path

from phasemix.base.errors import run
from phasemix.experiments.experiment import module_of
from phasemix.report.figure_style import save_pictures, set_theme


def main() -> None:
    """Draw a figure from the experiment's tables and save it as SVG and PNG."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", required=True)
    parser.add_argument("--figure", required=True, help="name of one of the kind's figures")
    parser.add_argument("--tables", type=Path, required=True, help="folder of the experiment's tables")
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: what the kind's tables depend on")
    parser.add_argument("--out", type=Path, required=True, help="folder of the experiment's figures")
    args = parser.parse_args()
    reader = module_of(args.kind, "tables")
    tables = import_module(reader).Tables.read(args.tables, args.options) if reader else args.tables
    set_theme()
    figure = import_module(f"phasemix.experiments.{args.kind}.figures.{args.figure}").draw(tables)
    save_pictures(figure, args.out, args.figure)


if __name__ == "__main__":
    run(main)

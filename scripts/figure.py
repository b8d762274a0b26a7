"""Draw one figure: python scripts/figure.py --help."""

import argparse
from importlib import import_module
from pathlib import Path

import pandas as pd

from phasemix.base.errors import run
from phasemix.figures import TITLES
from phasemix.figures.style import Tables, save, set_theme


def main() -> None:
    """Read the tables, draw the figure, save it in every format asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", choices=TITLES, required=True)
    for table in Tables.__dataclass_fields__:
        parser.add_argument(f"--{table}", type=Path, required=True, help="CSV table")
    parser.add_argument("--out", type=Path, nargs="+", required=True, help="files, .svg or .png")
    args = parser.parse_args()
    tables = Tables(**{table: pd.read_csv(getattr(args, table)) for table in Tables.__dataclass_fields__})
    set_theme()
    figure = import_module(f"phasemix.figures.{args.name}").draw(tables)
    for path in args.out:
        save(figure, path)


if __name__ == "__main__":
    run(main)

"""Bring published runs into the format of runs: python scripts/published_runs.py --help."""

import argparse
import os
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_csv
from phasemix.commands.output import check_out
from phasemix.experiments.published_runs.regmix import tables
from phasemix.experiments.published_runs.spec import TABLES


def main() -> None:
    """Read RegMix's files, write one table for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    args = parser.parse_args()
    files = {name: args.out / f"{name}.csv" for name in TABLES}
    for path in files.values():
        check_out(path)
    folder = os.environ.get("PHASEMIX_PUBLISHED")
    for name, table in tables(Path(folder) if folder else None).items():
        write_csv(files[name], table)


if __name__ == "__main__":
    run(main)

"""Bring published runs into the format of runs: python scripts/published_runs.py --help."""

import argparse
import os
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_csv
from phasemix.experiments.published_runs.regmix import tables


def main() -> None:
    """Read RegMix's files, write a table each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    args = parser.parse_args()
    folder = os.environ.get("PHASEMIX_PUBLISHED")
    for name, table in tables(Path(folder) if folder else None).items():
        write_csv(args.out / f"{name}.csv", table)


if __name__ == "__main__":
    run(main)

"""Make the tables of a contest of mixers: python scripts/mixers_tables.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.experiments.mixers.tables import gather


def main() -> None:
    """Write the kind's tables beside the generic ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--choices", type=Path, nargs="+", required=True, help="a file per contestant, of its name")
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: what the kind's tables depend on")
    parser.add_argument("--out", type=Path, required=True, help="folder of the experiment's tables")
    args = parser.parse_args()
    gather(args.out, {path.stem: path for path in args.choices}, args.options)


if __name__ == "__main__":
    run(main)

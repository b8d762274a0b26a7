"""Infer the sizes of models from their answers to PopQA: python scripts/popqa_tables.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.experiments.popqa.tables import gather


def main() -> None:
    """Write the tables of the experiment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=Path, nargs="+", required=True, help="of every model, in its own folder")
    parser.add_argument("--verdicts", type=Path, nargs="*", default=[], help="of the judge on each, in the same order")
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: what the tables depend on")
    parser.add_argument("--out", type=Path, required=True, help="folder of the experiment's tables")
    args = parser.parse_args()
    gather(args.out, args.answers, args.verdicts, args.options)


if __name__ == "__main__":
    run(main)

"""Write the ledger of claims of a study: python scripts/ledger.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.claims.ledger import read_findings, write_ledger


def main() -> None:
    """Read what the study's experiments found, judge every claim by it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--experiments", type=json.loads, required=True, help="JSON: experiment to kind")
    parser.add_argument("--tables", type=Path, required=True, help="folder with a folder per experiment")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    write_ledger(args.out, read_findings(args.experiments, lambda name: args.tables / name))


if __name__ == "__main__":
    run(main)

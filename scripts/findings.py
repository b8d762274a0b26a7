"""Say what one experiment of any kind found, for the claims: python scripts/findings.py --help."""

import argparse
import json
from importlib import import_module
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_json


def main() -> None:
    """Write the findings, measured from the experiment's tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", required=True)
    parser.add_argument("--tables", type=Path, required=True, help="folder of the experiment's tables")
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: what the kind's tables depend on")
    parser.add_argument("--out", type=Path, required=True, help="JSON to write")
    args = parser.parse_args()
    findings = import_module(f"phasemix.experiments.{args.kind}.findings")
    write_json(args.out, findings.measure(args.tables, args.options))


if __name__ == "__main__":
    run(main)

"""Make the tables and the mixtures of a study of domains: python scripts/domain_tables.py --help."""

import argparse
import json
from pathlib import Path

import numpy as np

from phasemix.base.errors import run
from phasemix.base.files import read_json
from phasemix.experiments.domains.tables import gather


def main() -> None:
    """Read what was measured of every domain, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domains", nargs="+", required=True, help="names, in order")
    parser.add_argument("--measures", type=Path, nargs="+", required=True, help="a file per domain")
    parser.add_argument("--sketches", type=Path, nargs="+", required=True, help="a file per domain")
    parser.add_argument("--baseline", type=json.loads, required=True, help="JSON: proportions of the whole, or null")
    parser.add_argument("--out", type=Path, required=True, help="folder")
    args = parser.parse_args()
    measures = dict(zip(args.domains, map(read_json, args.measures), strict=True))
    sketches = dict(zip(args.domains, map(np.load, args.sketches), strict=True))
    gather(measures, sketches, args.baseline, args.out)


if __name__ == "__main__":
    run(main)

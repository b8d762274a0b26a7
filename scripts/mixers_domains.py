"""Write what a contest's mixers may know of its domains: python scripts/mixers_domains.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_csv
from phasemix.experiments.mixers.search import domains_table


def main() -> None:
    """Count tokens, and take over entropies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domains", nargs="+", required=True, help="names, in order")
    parser.add_argument("--tokens", type=Path, nargs="+", required=True, help="a folder of tokens per domain")
    parser.add_argument("--sizes", type=json.loads, required=True, help="JSON: tokens of those made without end")
    parser.add_argument("--entropies", type=Path, help="entropies.csv of the experiment that measured them")
    parser.add_argument("--out", type=Path, required=True, help="table to write")
    args = parser.parse_args()
    folders = dict(zip(args.domains, args.tokens, strict=True))
    write_csv(args.out, domains_table(args.domains, args.sizes, folders, args.entropies))


if __name__ == "__main__":
    run(main)

"""Join the report page: python scripts/report.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_text
from phasemix.report.page import render


def main() -> None:
    """Join the experiments' sections and the ledger to one self-contained page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", required=True)
    parser.add_argument("--experiments", nargs="*", default=[], help="names, in the order of the page")
    parser.add_argument("--sections", type=Path, required=True, help="folder with a section per experiment")
    parser.add_argument("--tables", type=Path, required=True, help="folder with a folder per experiment")
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    folders = {"sections": args.sections, "tables": args.tables, "ledger": args.ledger}
    write_text(args.out, render(args.scale, args.experiments, **folders))


if __name__ == "__main__":
    run(main)

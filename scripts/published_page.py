"""Write the page of mixing laws on published runs: python scripts/published_page.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_text
from phasemix.commands.output import check_out
from phasemix.report.published import render


def main() -> None:
    """Read the comparisons' tables, write one self-contained page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=Path, required=True, help="folder")
    parser.add_argument("--folds", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    check_out(args.out)
    write_text(args.out, render(args.tables, args.folds))


if __name__ == "__main__":
    run(main)

"""Write one experiment's section of the report: python scripts/section.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_text
from phasemix.report.section import section


def main() -> None:
    """Read the experiment's tables and figures, write its section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", required=True)
    parser.add_argument("--experiment", required=True)
    parser.add_argument("--tables", type=Path, required=True, help="folder of the experiment's tables")
    parser.add_argument("--figures", type=Path, nargs="*", default=[], help="the experiment's figures, as SVG")
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: what the kind's tables depend on")
    parser.add_argument("--chosen", type=json.loads, required=True, help="JSON: text of what was chosen after looking")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    files = {"tables": args.tables, "figures": args.figures}
    write_text(args.out, section(args.kind, args.experiment, options=args.options, chosen=args.chosen, **files))


if __name__ == "__main__":
    run(main)

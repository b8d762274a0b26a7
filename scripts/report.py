"""Write the report page: python scripts/report.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_text
from phasemix.report.page import HorizonSection, Section, render


def main() -> None:
    """Read every experiment's tables and figures, write one self-contained page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", required=True)
    parser.add_argument("--experiments", nargs="*", default=[], help="experiments on the transition")
    parser.add_argument("--horizons", nargs="*", default=[], help="experiments with horizons")
    parser.add_argument("--datasets", type=json.loads, required=True, help="JSON: experiment to dataset")
    parser.add_argument("--tables", type=Path, required=True, help="folder")
    parser.add_argument("--figures", type=Path, required=True, help="folder")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    sections = [
        Section.read(experiment, args.datasets[experiment], tables=args.tables, figures=args.figures / experiment)
        for experiment in args.experiments
    ]
    horizons = [HorizonSection.read(name, args.datasets[name], tables=args.tables) for name in args.horizons]
    write_text(args.out, render(args.scale, sections, horizons))


if __name__ == "__main__":
    run(main)

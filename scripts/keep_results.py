"""Keep the results of finished experiments in docs/results: python scripts/keep_results.py --help."""

import argparse
import shutil
from pathlib import Path

from phasemix.base.errors import run
from phasemix.reference.keep import keep
from phasemix.study.layout import Layout
from phasemix.study.overlays import read_config


def main() -> None:
    """Copy tables and figures of every experiment that the scale runs, and the ledger."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=Path, required=True, help="overlay of scales/")
    parser.add_argument("--experiments", help="names joined by commas, or all; default: those that the scale runs")
    parser.add_argument("--reference", type=Path, default=Path("docs/results"), help="folder to write to")
    args = parser.parse_args()
    config = read_config(args.scale, run=args.experiments)
    layout = Layout(config.scale)
    for name in config.running:
        keep(Path(layout.results), name, args.reference / config.scale)
        print(f"kept {args.reference / config.scale / name}")
    shutil.copyfile(layout.ledger, args.reference / config.scale / "ledger.csv")


if __name__ == "__main__":
    run(main)

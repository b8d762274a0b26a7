"""Say where a study stands: python scripts/status.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.planning.status import describe, standings
from phasemix.study.overlays import read_config

SLURM_LOGS = Path(".snakemake/slurm_logs")  # as profiles/slurm names it


def main() -> None:
    """Print the grid of every experiment."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=Path, required=True, help="overlay of scales/")
    parser.add_argument("--experiments", help="names joined by commas, or all; default: those that the scale runs")
    args = parser.parse_args()
    config = read_config(args.scale, run=args.experiments, data=False)
    print(describe(config, standings(config, Path("results") / config.scale, SLURM_LOGS)))


if __name__ == "__main__":
    run(main)

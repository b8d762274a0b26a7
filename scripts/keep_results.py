"""Keep the results of finished experiments in docs/results: python scripts/keep_results.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.provenance import git_commit
from phasemix.reference.keep import judge_kept, keep
from phasemix.study.layout import Layout
from phasemix.study.overlays import read_config


def main() -> None:
    """Copy tables and figures of experiments, and judge the claims by all that are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=Path, required=True, help="overlay of scales/")
    parser.add_argument("--experiments", help="names joined by commas, or all; default: those that the scale runs")
    parser.add_argument("--reference", type=Path, default=Path("docs/results"), help="folder to write to")
    args = parser.parse_args()
    config = read_config(args.scale, run=args.experiments)
    layout, commit = Layout(config.scale), git_commit()  # before it has changes: those that are made here
    reference = args.reference / config.scale
    for name, experiment in config.running.items():
        cells = [cell.format() for cell in experiment.cells]
        keep(Path(layout.results), name, experiment.kind, reference, cells=cells, commit=commit)
        print(f"kept {reference / name}")
    judge_kept(reference)


if __name__ == "__main__":
    run(main)

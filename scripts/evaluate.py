"""Evaluate one finished run: python scripts/evaluate.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.evaluation.evaluate_cell import evaluate_run
from phasemix.study.examination import Examination


def main() -> None:
    """Ask the run and write its evaluation folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examination", type=Examination.model_validate_json, required=True, help="JSON")
    parser.add_argument("--run", type=Path, required=True, help="run folder")
    parser.add_argument("--web", type=Path, required=True, help="folder of web tokens")
    parser.add_argument("--people", type=Path, required=True, help="people.parquet")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="evaluation folder")
    args = parser.parse_args()
    evaluate_run(
        args.examination,
        run=args.run,
        web=args.web,
        people=args.people,
        evaluation=args.out,
        threads=args.threads,
    )


if __name__ == "__main__":
    run(main)

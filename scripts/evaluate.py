"""Evaluate one finished run: python scripts/evaluate.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.evaluation.evaluate_cell import evaluate_run
from phasemix.study.evaluation import Examination
from phasemix.training.train_cell import Data


def main() -> None:
    """Ask the run and write its evaluation folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examination", type=Examination.model_validate_json, required=True, help="JSON")
    parser.add_argument("--run", type=Path, required=True, help="run folder")
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the sources' corpora")
    parser.add_argument("--tokens", type=Path, required=True, help="folder of the sources' tokens")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="evaluation folder")
    args = parser.parse_args()
    data = Data(args.corpora, args.tokens, args.tokenizer)
    evaluate_run(args.examination, data, run=args.run, evaluation=args.out, threads=args.threads)


if __name__ == "__main__":
    run(main)

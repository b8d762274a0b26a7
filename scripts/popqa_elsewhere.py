"""Read the answers of a model that was asked elsewhere: python scripts/popqa_elsewhere.py --help."""

import argparse
from pathlib import Path

import pandas as pd

from phasemix.base.errors import run
from phasemix.popularity.popqa.answers import predictions_in, write_answers


def main() -> None:
    """Write them as those of models that were asked here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, required=True, help="questions.parquet")
    parser.add_argument("--answers", type=Path, required=True, help="a table with id and prediction, .csv or .parquet")
    parser.add_argument("--key", required=True, help="of the configuration, which names the model in messages")
    parser.add_argument("--out", type=Path, required=True, help="the answers, as answers.parquet")
    args = parser.parse_args()
    questions = pd.read_parquet(args.questions)
    write_answers(args.out, questions, predictions_in(args.answers, questions, key=f"{args.key}.answers"))


if __name__ == "__main__":
    run(main)

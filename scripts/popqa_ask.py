"""Ask a language model PopQA, or go on with it: python scripts/popqa_ask.py --help."""

import argparse
from pathlib import Path

import pandas as pd
import torch

from phasemix.base.errors import run
from phasemix.popularity.popqa.answers import write_answers
from phasemix.popularity.popqa.said import said_to


def main() -> None:
    """Write the model's answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, required=True, help="questions.parquet")
    parser.add_argument("--model", type=Path, required=True, help="model.json")
    parser.add_argument("--key", required=True, help="of the configuration, which names the model in messages")
    parser.add_argument("--batch-size", type=int, required=True, help="questions at a time")
    parser.add_argument("--max-new-tokens", type=int, required=True, help="that an answer may have")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder of the answers")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    questions = pd.read_parquet(args.questions)
    how = {"batch_size": args.batch_size, "max_new_tokens": args.max_new_tokens}
    with said_to(questions["prompt"].tolist(), args.model, args.out, key=args.key, **how) as (folder, lines):
        write_answers(folder / "answers.parquet", questions, lines)


if __name__ == "__main__":
    run(main)

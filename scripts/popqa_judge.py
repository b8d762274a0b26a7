"""Let a language model judge a model's answers, or go on with it: python scripts/popqa_judge.py --help."""

import argparse
from pathlib import Path

import pandas as pd
import torch

from phasemix.base.errors import run
from phasemix.popularity.popqa.judge import JUDGE_TOKENS, questions_to_judge, write_verdicts
from phasemix.popularity.popqa.said import said_to


def main() -> None:
    """Write what the judge says of every answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, required=True, help="questions.parquet")
    parser.add_argument("--answers", type=Path, required=True, help="the answers of a model")
    parser.add_argument("--judge", type=Path, required=True, help="model.json of the judge")
    parser.add_argument("--key", required=True, help="of the configuration, which names the judge in messages")
    parser.add_argument("--batch-size", type=int, required=True, help="answers at a time")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder of the verdicts")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    answers = pd.read_parquet(args.answers)
    asked = questions_to_judge(pd.read_parquet(args.questions), answers)
    how = {"batch_size": args.batch_size, "max_new_tokens": JUDGE_TOKENS, "as_turns": True}
    with said_to(asked, args.judge, args.out, key=args.key, **how) as (folder, words):
        write_verdicts(folder / "verdicts.parquet", answers, words)


if __name__ == "__main__":
    run(main)

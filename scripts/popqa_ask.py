"""Ask a language model PopQA, or go on with it: python scripts/popqa_ask.py --help."""

import argparse
import shutil
from pathlib import Path

import pandas as pd
import torch

from phasemix.base.errors import run
from phasemix.popularity.popqa.answers import write_answers
from phasemix.popularity.popqa.resumable import said_to, write_manifest


def main() -> None:
    """Write the model's answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, required=True, help="questions.parquet")
    parser.add_argument("--model", type=Path, required=True, help="model.json")
    parser.add_argument("--key", required=True, help="of the configuration, which names the model in messages")
    parser.add_argument("--batch-size", type=int, required=True, help="questions at a time")
    parser.add_argument("--max-new-tokens", type=int, required=True, help="that an answer may have")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--checkpoints", type=Path, required=True, help="folder for what an unfinished job has")
    parser.add_argument("--out", type=Path, required=True, help="answers.parquet")
    parser.add_argument("--manifest", type=Path, required=True, help="answers.manifest.json")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    questions = pd.read_parquet(args.questions)
    how = {"batch_size": args.batch_size, "max_new_tokens": args.max_new_tokens}
    lines = said_to(questions["prompt"].tolist(), args.model, key=args.key, checkpoints=args.checkpoints, **how)
    write_answers(args.out, questions, lines)
    write_manifest(args.manifest, args.model, how)
    shutil.rmtree(args.checkpoints)


if __name__ == "__main__":
    run(main)

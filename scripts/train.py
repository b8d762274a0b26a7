"""Train one cell, or go on with it: python scripts/train.py --help."""

import argparse
import os
from pathlib import Path

from phasemix.cell import Cell
from phasemix.errors import run
from phasemix.runs import run_cell
from phasemix.training import CHECKPOINT_SECONDS


def main() -> None:
    """Train the cell and write its run folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cell", type=Cell.model_validate_json, required=True, help="JSON specification")
    parser.add_argument("--web", type=Path, required=True, help="folder of web tokens")
    parser.add_argument("--people", type=Path, required=True, help="people.parquet")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder")
    parser.add_argument("--checkpoints", type=Path, required=True, help="folder for the state of an unfinished run")
    seconds = float(os.environ.get("PHASEMIX_CHECKPOINT_SECONDS", CHECKPOINT_SECONDS))
    parser.add_argument("--checkpoint-seconds", type=float, default=seconds, help="least time between checkpoints")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="run folder")
    args = parser.parse_args()
    run_cell(
        args.cell,
        web=args.web,
        people=args.people,
        tokenizer=args.tokenizer,
        run=args.out,
        checkpoints=args.checkpoints,
        threads=args.threads,
        checkpoint_seconds=args.checkpoint_seconds,
    )


if __name__ == "__main__":
    run(main)

"""Train one cell, or go on with it: python scripts/train.py --help."""

import argparse
import os
from functools import partial
from pathlib import Path

from phasemix.base.errors import run
from phasemix.observers import observers
from phasemix.study.cell import Cell
from phasemix.training.checkpoints import CHECKPOINT_SECONDS
from phasemix.training.train_cell import Data, run_cell, run_trunk


def main() -> None:
    """Train the cell and write its run folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cell", type=Cell.model_validate_json, required=True, help="JSON specification")
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the sources' corpora")
    parser.add_argument("--tokens", type=Path, required=True, help="folder of the sources' tokens")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder")
    parser.add_argument("--checkpoints", type=Path, required=True, help="folder for the state of an unfinished run")
    seconds = float(os.environ.get("PHASEMIX_CHECKPOINT_SECONDS", CHECKPOINT_SECONDS))
    parser.add_argument("--checkpoint-seconds", type=float, default=seconds, help="least time between checkpoints")
    parser.add_argument("--compiled", type=Path, help="folder of compiled training steps; without it, eagerly")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--shard", type=int, default=0, help="1: the processes share the model's parameters")
    parser.add_argument("--start", type=Path, help="state.pt of a trunk to go on from")
    out = parser.add_mutually_exclusive_group(required=True)
    out.add_argument("--out", type=Path, help="run folder")
    out.add_argument("--trunk", type=Path, help="trunk folder: stop where the cooldown begins, and write the state")
    args = parser.parse_args()
    data = Data(args.corpora, args.tokens, args.tokenizer)
    how = {"checkpoints": args.checkpoints, "start": args.start, "compiled": args.compiled, "threads": args.threads}
    how |= {"checkpoint_seconds": args.checkpoint_seconds, "shard": bool(args.shard)}
    how["observers"] = partial(observers, args.cell, args.out or args.trunk)
    if args.trunk:
        run_trunk(args.cell, data, trunk=args.trunk, **how)
    else:
        run_cell(args.cell, data, run=args.out, **how)


if __name__ == "__main__":
    run(main)

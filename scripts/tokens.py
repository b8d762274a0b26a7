"""Tokenise the corpus of a source: python scripts/tokens.py --help."""

import argparse
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from phasemix.base.errors import PhasemixError, run, warn
from phasemix.base.files import checksums_of, read_json, resumable, sha256
from phasemix.base.sources import CODE
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.tasks.source import task_module


def main() -> None:
    """Let the source's task write its tokens, and see that they suffice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--task", required=True)
    parser.add_argument("--corpus", type=Path, required=True, help="folder")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder")
    parser.add_argument("--train-tokens", type=int, default=0, help="of training text that there must be")
    parser.add_argument("--heldout-tokens", type=int, default=0, help="of held-out text that there must be")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    args = parser.parse_args()
    task = import_module(task_module(args.task)).TASK
    stamp = {
        "corpus": read_json(checksums_of(args.corpus)),
        "tokenizer": sha256(args.tokenizer),
        "code": os.environ.get(CODE),
    }
    with resumable(args.out, stamp) as folder:
        if not checksums_of(folder).exists():  # all that an earlier try lacked may have been enough text
            for note in task.write_tokens(args.corpus, Tokenizer(args.tokenizer, args.threads), folder):
                warn(note)
        check(args.corpus.name, read_json(checksums_of(folder)), args.train_tokens, args.heldout_tokens)


def check(source: str, facts: dict[str, Any], train_tokens: int, heldout_tokens: int) -> None:
    """Make sure that there are so many tokens of both splits."""
    for key, asked, mend in (
        ("train_tokens", train_tokens, "train_tokens"),
        ("heldout_tokens", heldout_tokens, "heldout_fraction, evaluation.loss_tokens"),
    ):
        held = facts.get(key, asked)  # a source that never ends has no such number
        if held < asked:
            what = key.replace("_", " ")
            raise PhasemixError(
                f"sources.{source}: the text has {held:,} {what}, and {asked:,} are asked for; see {mend}"
            )


if __name__ == "__main__":
    run(main)

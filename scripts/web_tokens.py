"""Tokenise the web text: python scripts/web_tokens.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import PhasemixError, run
from phasemix.corpora.tokenizer import load_tokenizer
from phasemix.corpora.tokens import write_tokens


def main() -> None:
    """Tokenise both splits and check that they suffice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--web", type=Path, required=True, help="web.parquet")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder")
    parser.add_argument("--train-tokens", type=int, required=True, help="training tokens needed")
    parser.add_argument("--heldout-tokens", type=int, required=True, help="held-out tokens needed")
    parser.add_argument("--out", type=Path, required=True, help="folder")
    args = parser.parse_args()
    found = write_tokens(args.web, load_tokenizer(args.tokenizer), args.out)
    for split, asked, key in (
        ("train", args.train_tokens, "train_tokens"),
        ("heldout", args.heldout_tokens, "heldout_fraction"),
    ):
        held = found[f"{split}_tokens"]
        if held <= asked:
            raise PhasemixError(f"web.{key}: the web text has {held:,} {split} tokens and {asked:,} are asked for")


if __name__ == "__main__":
    run(main)

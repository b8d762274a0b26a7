"""Tokenise the web text: python scripts/web_tokens.py --help."""

import argparse
from pathlib import Path

from phasemix.corpora.tokenizer import load_tokenizer
from phasemix.corpora.tokens import write_tokens
from phasemix.errors import PhasemixError, run


def main() -> None:
    """Tokenise both splits and check that they suffice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--web", type=Path, required=True, help="web.parquet")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder")
    parser.add_argument("--train-tokens", type=int, required=True, help="training tokens needed")
    parser.add_argument("--heldout-tokens", type=int, required=True, help="held-out tokens needed")
    parser.add_argument("--out", type=Path, required=True, help="folder")
    args = parser.parse_args()
    counts = write_tokens(args.web, load_tokenizer(args.tokenizer), args.out)
    if counts["train_tokens"] < args.train_tokens:
        raise PhasemixError(
            f"web.train_tokens: the web text gives {counts['train_tokens']:,} training tokens and"
            f" {args.train_tokens:,} are asked for; give more text or ask for fewer"
        )
    if counts["heldout_tokens"] < args.heldout_tokens:
        raise PhasemixError(
            f"web.heldout_fraction: the held-out text has {counts['heldout_tokens']:,} tokens and the evaluation reads"
            f" {args.heldout_tokens:,}; hold out a larger fraction or read fewer"
        )


if __name__ == "__main__":
    run(main)

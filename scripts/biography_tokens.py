"""Tokenise the pieces of biographies: python scripts/biography_tokens.py --help."""

import argparse
import sys
from pathlib import Path

import pandas as pd

from phasemix.base.errors import run
from phasemix.corpora.tokenizer import load_tokenizer
from phasemix.tasks.synbio.pieces import write_pieces


def main() -> None:
    """Tokenise the pieces, and prove that biographies can be spliced of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=Path, required=True, help="people.parquet")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder")
    parser.add_argument("--out", type=Path, required=True, help="folder")
    args = parser.parse_args()
    found = write_pieces(pd.read_parquet(args.people), load_tokenizer(args.tokenizer), args.out)
    if not found["exact"]:
        print(
            f"this tokenizer joins pieces of {found['differs']!r}: biographies will be tokenised on the way, slowly",
            file=sys.stderr,
        )


if __name__ == "__main__":
    run(main)

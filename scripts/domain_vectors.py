"""Train word vectors for several domains: python scripts/domain_vectors.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.domains.fasttext_vectors import train_vectors
from phasemix.domains.training_texts import training_texts


def main() -> None:
    """Write vectors that gensim reads (``KeyedVectors.load``)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, nargs="+", required=True, help="folders, one per domain")
    parser.add_argument("--words", type=int, required=True, help="of all domains together, as many of each")
    parser.add_argument("--seed", type=int, required=True, help="the root of all randomness")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    args = parser.parse_args()
    train_vectors(training_texts(args.corpora, args.words, args.seed), args.seed, args.words).write(args.out)


if __name__ == "__main__":
    run(main)

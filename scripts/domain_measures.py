"""Measure one domain: python scripts/domain_measures.py --help."""

import argparse
from pathlib import Path

import numpy as np

from phasemix.base.errors import run
from phasemix.base.files import atomic, write_json
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.domains.fasttext_vectors import load_vectors
from phasemix.domains.measures import measure
from phasemix.domains.overlap import sketch
from phasemix.domains.text_blocks import text_blocks


def main() -> None:
    """Write its measures, and the sketch by which its overlap with others is told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the domain's documents")
    parser.add_argument("--tokens", type=Path, required=True, help="folder of its tokens")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder of the tokenizer that made them")
    parser.add_argument("--vectors", type=Path, required=True, help="word vectors: FastText's (.bin) or gensim's")
    parser.add_argument("--words", type=int, required=True, help="of an embedded sample")
    parser.add_argument("--megabytes", type=float, required=True, help="of text that are embedded")
    parser.add_argument("--seed", type=int, required=True, help="the root of all randomness")
    parser.add_argument("--out", type=Path, required=True, help="the measures, JSON")
    parser.add_argument("--sketch", type=Path, required=True, help="the sketch, as NumPy stores it")
    args = parser.parse_args()
    vectors, vocabulary = load_vectors(args.vectors), len(Tokenizer(args.tokenizer))
    found = measure(
        args.corpus, args.tokens, vocabulary, vectors, words=args.words, megabytes=args.megabytes, seed=args.seed
    )
    with atomic(args.sketch) as temporary, temporary.open("wb") as file:
        np.save(file, sketch(text_blocks(args.tokens)))
    write_json(args.out, found)


if __name__ == "__main__":
    run(main)

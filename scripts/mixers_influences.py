"""Write how influential documents are in the eyes of a model: python scripts/mixers_influences.py --help."""

import argparse
import json
from pathlib import Path

import torch

from phasemix.base.errors import run
from phasemix.base.files import write_json
from phasemix.experiments.mixers.influences import domain_influences


def main() -> None:
    """Take gradients of some documents of every domain."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder of the model")
    parser.add_argument("--domains", nargs="+", required=True, help="names, in order")
    parser.add_argument("--tokens", type=Path, nargs="+", required=True, help="a folder of tokens per domain")
    parser.add_argument("--sizes", type=json.loads, required=True, help="JSON: tokens of domains that are cut")
    parser.add_argument("--documents", type=int, required=True, help="of every domain")
    parser.add_argument("--heldout", type=int, required=True, help="held-out tokens that they are to help with")
    parser.add_argument("--context", type=int, required=True, help="tokens of a row")
    parser.add_argument("--seed", type=int, required=True, help="the root of all randomness")
    parser.add_argument("--out", type=Path, required=True, help="JSON to write: documents and influences by domain")
    args = parser.parse_args()
    torch.set_num_threads(1)
    folders = dict(zip(args.domains, args.tokens, strict=True))
    how = {"documents": args.documents, "heldout": args.heldout, "context": args.context, "seed": args.seed}
    write_json(args.out, domain_influences(args.model, folders, args.sizes, **how))


if __name__ == "__main__":
    run(main)

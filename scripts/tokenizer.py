"""Train the tokenizer, or take it from the hub: python scripts/tokenizer.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_checksums
from phasemix.corpora.tokenizer import hub_tokenizer, save_tokenizer, train_tokenizer
from phasemix.corpora.tokenizer_sample import tokenizer_texts
from phasemix.tasks.synbio.people import Domains


def main() -> None:
    """Make the tokenizer, write its folder and its checksums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", choices=("train", "hub"), required=True)
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: the section of that source")
    parser.add_argument("--web", type=Path, help="web.parquet, to train on")
    parser.add_argument("--domains", type=Domains.model_validate_json, help="JSON, to train on biographies of")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    parser.add_argument("--checksums", type=Path, required=True)
    args = parser.parse_args()
    if args.source == "hub":
        tokenizer = hub_tokenizer(**args.options)
    else:
        vocabulary = args.options.pop("vocabulary")
        tokenizer = train_tokenizer(tokenizer_texts(args.web, args.domains, seed=args.seed, **args.options), vocabulary)
    save_tokenizer(tokenizer, args.out)
    write_checksums(args.checksums, [args.out / "tokenizer.json"], vocabulary=len(tokenizer))


if __name__ == "__main__":
    run(main)

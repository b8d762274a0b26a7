"""Train a tokenizer on sources, or take it from the hub: python scripts/tokenizer.py --help."""

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from phasemix.base.errors import run
from phasemix.base.files import checksums_of, write_checksums
from phasemix.corpora.make_tokenizer import hub_tokenizer, save_tokenizer, train_tokenizer
from phasemix.study.tokenizers import TrainedTokenizer
from phasemix.tasks.source import corpus_module


def texts(spec: TrainedTokenizer, sources: dict[str, Any], corpora: dict[str, Path], seed: int) -> Iterator[str]:
    """What a tokenizer is trained on: of every source its share; a second source of a task draws otherwise."""
    places = Counter[str]()
    for name, share in spec.shares.items():
        options = sources[name]
        place = places[options["task"]]
        places[options["task"]] += 1
        names = (seed, place) if place else (seed,)
        sample = import_module(corpus_module(options["task"])).sample
        yield from sample(options, corpora.get(name), share * spec.megabytes, *names)


def main() -> None:
    """Make the tokenizer, write its folder, and the checksums beside it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--origin", choices=["train", "hub"], required=True)
    parser.add_argument("--options", required=True, help="JSON: the section of the configuration for that origin")
    parser.add_argument(
        "--sources", type=json.loads, default={}, help="JSON: what decides each source's texts, by name"
    )
    parser.add_argument("--corpora", type=Path, nargs="*", default=[], help="their corpora, folders by their names")
    parser.add_argument("--seed", type=int, default=0, help="the root of all randomness")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    args = parser.parse_args()
    os.environ["RAYON_NUM_THREADS"] = str(args.threads)  # of the library of tokenizers
    if args.origin == "hub":
        tokenizer = hub_tokenizer(**json.loads(args.options))
    else:
        spec = TrainedTokenizer.model_validate_json(args.options)
        corpora = {corpus.name: corpus for corpus in args.corpora}
        tokenizer = train_tokenizer(texts(spec, args.sources, corpora, args.seed), spec.vocabulary)
    save_tokenizer(tokenizer, args.out)
    write_checksums(checksums_of(args.out), sorted(args.out.iterdir()), entries=len(tokenizer))


if __name__ == "__main__":
    run(main)

"""Make the corpus of a source: python scripts/corpus.py --help."""

import argparse
import json
import os
from importlib import import_module
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import UNFINISHED, checksums_of, file_stamp, read_json, resumable, unchanged, write_checksums
from phasemix.base.sources import CODE
from phasemix.tasks.source import corpus_module


def main() -> None:
    """Let the source's task write its corpus into a folder, and the checksums beside it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: the task, and what decides its corpus")
    parser.add_argument("--inputs", nargs="*", default=[], help="the files that it is made of, if any")
    parser.add_argument("--relatives", type=Path, nargs="*", default=[], help="earlier corpora of its family, if any")
    parser.add_argument("--seed", type=int, required=True, help="the root of all randomness")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    args = parser.parse_args()
    module = import_module(corpus_module(args.options["task"]))
    stamp = {
        "options": args.options,
        "seed": args.seed,
        "inputs": [(path, file_stamp(path)) for path in args.inputs],
        "relatives": [read_json(checksums_of(relative)) for relative in args.relatives],
        "code": os.environ.get(CODE),
    }
    with resumable(args.out, stamp) as folder, unchanged(args.inputs):
        if not checksums_of(folder).exists():  # an earlier try may have been killed at its very end
            facts = module.write(args.options, folder, args.seed, args.threads, args.relatives)
            files = sorted(path for path in folder.iterdir() if path.name != UNFINISHED)
            write_checksums(checksums_of(folder), files, **facts)


if __name__ == "__main__":
    run(main)

"""Write what a contest's mixers may know of its domains: python scripts/mixers_domains.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_csv
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.experiments.mixers.domains import Measured, domains_table
from phasemix.tasks.task import open_task


def main() -> None:
    """Count tokens, and measure entropies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sources", type=json.loads, required=True, help="JSON: options of training by domain, in order"
    )
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the sources' corpora")
    parser.add_argument("--tokens", type=Path, required=True, help="folder of the sources' tokens")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder")
    parser.add_argument("--sizes", type=json.loads, required=True, help="JSON: tokens of domains cut, or without end")
    parser.add_argument("--entropies", type=Path, help="entropies.csv of the experiment that measured them")
    parser.add_argument("--vectors", type=Path, help="the word vectors that it measured with")
    parser.add_argument("--words", type=int, help="of an embedded sample")
    parser.add_argument("--seed", type=int, required=True, help="the root of all randomness")
    parser.add_argument("--out", type=Path, required=True, help="table to write")
    args = parser.parse_args()
    tokenizer = Tokenizer(args.tokenizer)
    domains = {
        name: open_task(options, args.corpora / name, args.tokens / name, tokenizer)
        for name, options in args.sources.items()
    }
    measured = Measured(args.entropies, args.vectors, args.words) if args.entropies else None
    write_csv(args.out, domains_table(domains, args.sizes, len(tokenizer), measured, args.seed))


if __name__ == "__main__":
    run(main)

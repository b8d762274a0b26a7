"""Gather the web text into one Parquet file: python scripts/web_text.py --help."""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_checksums
from phasemix.corpora.documents import write_documents
from phasemix.tasks.text.sources_of_text import file_texts, hub_texts, installed_docs

SOURCES: dict[str, Callable[..., Iterator[str]]] = {
    "installed-docs": installed_docs,
    "hub": hub_texts,
    "files": file_texts,
}


def main() -> None:
    """Read the chosen source, write the documents and their checksums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", choices=SOURCES, required=True)
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: the arguments of that source")
    parser.add_argument("--heldout-fraction", type=float, required=True)
    parser.add_argument("--out", type=Path, required=True, help="web.parquet")
    parser.add_argument("--checksums", type=Path, required=True)
    args = parser.parse_args()
    counts = write_documents(SOURCES[args.source](**args.options), args.heldout_fraction, args.out)
    write_checksums(args.checksums, [args.out], **counts)


if __name__ == "__main__":
    run(main)

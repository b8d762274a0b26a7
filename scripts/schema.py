"""Write the JSON schema of the configuration, for editors: python scripts/schema.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_json
from phasemix.study.editor_schema import editor_schema


def main() -> None:
    """Write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="such as config.schema.json")
    args = parser.parse_args()
    write_json(args.out, editor_schema())


if __name__ == "__main__":
    run(main)

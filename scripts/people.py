"""Draw the people of a SynBio-N: python scripts/people.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_checksums, write_parquet
from phasemix.tasks.synbio.people import Domains, draw_people


def main() -> None:
    """Draw the people, write the table and its checksums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--domains", type=Domains.model_validate_json, required=True, help="JSON")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, help="people.parquet")
    parser.add_argument("--checksums", type=Path, required=True)
    args = parser.parse_args()
    write_parquet(args.out, draw_people(args.people, args.domains, args.seed))
    write_checksums(args.checksums, [args.out], people=args.people)


if __name__ == "__main__":
    run(main)

"""Find out which language model exactly is asked: python scripts/popqa_model.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.popularity.popqa.model_file import identify_folder, identify_on_hub


def main() -> None:
    """Write the file of the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--hub", help="its name on the Hugging Face hub")
    place.add_argument("--folder", type=Path, help="one that holds it")
    parser.add_argument("--revision", default="main", help="on the hub")
    parser.add_argument("--key", required=True, help="of the configuration, which names the model in messages")
    parser.add_argument("--out", type=Path, required=True, help="model.json")
    args = parser.parse_args()
    if args.folder:
        identify_folder(args.out, args.folder, key=f"{args.key}.folder")
    else:
        identify_on_hub(args.out, args.hub, args.revision, key=f"{args.key}.hub")


if __name__ == "__main__":
    run(main)

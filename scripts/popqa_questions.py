"""Read PopQA and make the prompts of its questions: python scripts/popqa_questions.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_parquet
from phasemix.popularity.popqa.prompts import prompts
from phasemix.popularity.popqa.questions import file_questions, hub_questions


def main() -> None:
    """Write the questions with their prompts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=json.loads, required=True, help="JSON: file; or hub, revision and split")
    parser.add_argument("--shots", type=int, required=True, help="examples in a prompt")
    parser.add_argument("--seed", type=int, required=True, help="the root of all randomness")
    parser.add_argument("--out", type=Path, required=True, help="questions.parquet")
    args = parser.parse_args()
    place = args.dataset
    if place["file"]:
        questions = file_questions(Path(place["file"]))
    else:
        questions = hub_questions(place["hub"], place["revision"], place["split"])
    write_parquet(args.out, questions.assign(prompt=prompts(questions, args.shots, args.seed)))


if __name__ == "__main__":
    run(main)

"""Make the requests of downstream tasks, once for all models: python scripts/downstream_questions.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.evaluation.downstream import make_questions
from phasemix.evaluation.downstream_tasks import TaskList


def main() -> None:
    """Write the folder of questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asked", type=TaskList.model_validate_json, required=True, help="JSON: the tasks")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    args = parser.parse_args()
    make_questions(args.asked, args.out)


if __name__ == "__main__":
    run(main)

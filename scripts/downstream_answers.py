"""Ask one finished run downstream tasks: python scripts/downstream_answers.py --help."""

import argparse
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_json
from phasemix.evaluation.downstream import answer_questions
from phasemix.evaluation.downstream_tasks import TaskList


def main() -> None:
    """Write what the run answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--experiment", required=True, help="whose run it is")
    parser.add_argument("--cell", required=True, help="as size=58k/ratio=0.2/seed=0")
    parser.add_argument("--run", type=Path, required=True, help="run folder")
    parser.add_argument("--questions", type=Path, required=True, help="folder of the questions")
    parser.add_argument("--asked", type=TaskList.model_validate_json, required=True, help="JSON: the tasks")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="JSON to write")
    args = parser.parse_args()
    found = answer_questions(args.asked, run=args.run, questions=args.questions, threads=args.threads)
    write_json(args.out, {"experiment": args.experiment, "cell": args.cell, **found})


if __name__ == "__main__":
    run(main)

"""Ask all laws about a designed set of runs: python scripts/design_question.py --help."""

import argparse
from pathlib import Path

import pandas as pd

from phasemix.base.errors import run
from phasemix.base.files import write_csv, write_json
from phasemix.base.sources import refuse_edited_code
from phasemix.commands.output import check_out
from phasemix.experiments.design.questions import Designed, ask, thinned
from phasemix.experiments.design.spec import QUESTIONS
from phasemix.fitting.runs_table import to_runs
from phasemix.laws import NAMES, load_law


def main() -> None:
    """Read both tables of runs, write the scores, the errors by run and what was left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--question", choices=QUESTIONS, required=True)
    parser.add_argument("--runs", type=Path, required=True, help="the designed set's table of runs")
    parser.add_argument("--six", type=Path, required=True, help="that of paper B's mixtures")
    parser.add_argument("--points", type=int, required=True, help="evaluation points of a run that are used")
    parser.add_argument("--folds", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--table", type=Path, required=True, help="scores to write")
    parser.add_argument("--errors", type=Path, required=True, help="errors by run to write")
    parser.add_argument("--notes", type=Path, required=True, help="JSON list to write")
    args = parser.parse_args()
    check_out(args.table, option="--table")
    check_out(args.errors, option="--errors")
    check_out(args.notes, option="--notes")
    every, others = (pd.read_csv(path, dtype={"run": str}) for path in (args.runs, args.six))
    runs, six = (to_runs(thinned(table, args.points)) for table in (every, others))
    laws = [load_law(name) for name in NAMES]
    refuse_edited_code()  # they were imported just now
    found = ask(args.question, Designed(runs, to_runs(every), six, args.folds, args.seed), laws)
    write_json(args.notes, found.notes)
    write_csv(args.errors, found.errors)
    write_csv(args.table, found.table)


if __name__ == "__main__":
    run(main)

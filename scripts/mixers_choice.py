"""Write what a mixer chooses: python scripts/mixers_choice.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_json
from phasemix.experiments.mixers.search import by_domain, naming_diverged, problem_of, runs_of
from phasemix.experiments.mixers.spec import Searched
from phasemix.mixers import load_mixer
from phasemix.search.mixer import warnings
from phasemix.search.plan_table import choice_record


def main() -> None:
    """Ask the mixer, which looks at its small runs, if it asked for any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--search", type=Searched.model_validate_json, required=True, help="JSON: what is searched for")
    parser.add_argument("--mixer", required=True)
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: of the mixer")
    parser.add_argument("--domains", type=Path, required=True, help="domains.csv")
    parser.add_argument("--runs", type=Path, nargs="*", default=[], help="folders of all its small runs")
    parser.add_argument("--evaluations", type=Path, nargs="*", default=[], help="and of their evaluations")
    parser.add_argument("--seed", type=int, required=True, help="the root of all randomness")
    parser.add_argument("--graph", type=Path, required=True, help="JSON to write: how domains help each other, or null")
    parser.add_argument("--out", type=Path, required=True, help="JSON to write: the choice")
    args = parser.parse_args()
    mixer, problem = load_mixer(args.mixer, args.options), problem_of(args.search, args.domains, args.seed)
    with naming_diverged(args.runs):
        choice = mixer.choose(problem, runs_of(mixer.rounds(problem), args.runs, args.evaluations, args.search))
    record = choice_record(problem, mixer.name, choice, warnings(problem, choice))
    write_json(args.graph, record["steering"] and record["steering"]["graph"])
    write_json(args.out, record | {"proportions": [by_domain(problem, part) for _, part in choice.phases]})


if __name__ == "__main__":
    run(main)

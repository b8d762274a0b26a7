"""Write the mixtures of a round of a mixer's small runs: python scripts/mixers_round.py --help."""

import argparse
import json
from pathlib import Path

from phasemix.base.errors import run
from phasemix.base.files import write_json
from phasemix.experiments.mixers.search import by_domain, naming_diverged, problem_of, runs_of
from phasemix.experiments.mixers.spec import Searched
from phasemix.mixers import load_mixer


def main() -> None:
    """Ask the mixer, which may look at the runs of the rounds before."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--search", type=Searched.model_validate_json, required=True, help="JSON: what is searched for")
    parser.add_argument("--mixer", required=True)
    parser.add_argument("--options", type=json.loads, required=True, help="JSON: of the mixer")
    parser.add_argument("--round", type=int, required=True, help="from 0 on")
    parser.add_argument("--domains", type=Path, required=True, help="domains.csv")
    parser.add_argument("--runs", type=Path, nargs="*", default=[], help="folders of the runs of the rounds before")
    parser.add_argument("--evaluations", type=Path, nargs="*", default=[], help="and of their evaluations")
    parser.add_argument("--seed", type=int, required=True, help="the root of all randomness")
    parser.add_argument("--out", type=Path, required=True, help="JSON to write: mixtures by the runs' names")
    args = parser.parse_args()
    mixer, problem = load_mixer(args.mixer, args.options), problem_of(args.search, args.domains, args.seed)
    rounds = mixer.rounds(problem)
    with naming_diverged(args.runs):
        runs = runs_of(rounds[: args.round], args.runs, args.evaluations, args.search)
        mixtures = mixer.mixtures(problem, args.round, runs)
    trials = zip(rounds[args.round], mixtures, strict=True)
    write_json(args.out, {trial.name: by_domain(problem, mixture) for trial, mixture in trials})


if __name__ == "__main__":
    run(main)

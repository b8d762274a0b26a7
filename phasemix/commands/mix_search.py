"""``phasemix mix search``: a mixture by any mixer, for people with their own domains and their own trainer."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv, write_json
from phasemix.commands.output import Output, check_folder, say
from phasemix.fitting.runs import LOSS, Runs
from phasemix.fitting.runs_table import to_runs
from phasemix.fitting.table_file import naming, read_table
from phasemix.mixers import load_mixer
from phasemix.search.domains_table import read_domains
from phasemix.search.evidence import keep_valid, of_trials
from phasemix.search.mixer import Mixer, Trial, warnings
from phasemix.search.plan_table import choice_record, plan_table
from phasemix.search.problem import Problem, Scale

PLAN, MIXTURE = "plan.csv", "mixture.json"


def run(args: argparse.Namespace) -> Output:
    """Write the next round's plan to ``args.out``, or the mixture if all its runs are there."""
    domains = read_domains(Path(args.domains))
    problem = Problem(
        domains,
        target=Scale(args.size, args.tokens),
        proxy=Scale(args.small_size or args.size, args.small_tokens or args.tokens),
        runs=args.small_runs,
        epochs=args.epochs,
        seed=args.seed,
    )
    mixer = load_mixer(args.mixer, options_of(args.option))
    check_folder(args.out)
    runs, notes = (None, []) if args.runs is None else read_evidence(Path(args.runs), domains.names)
    found, number = gathered(mixer, problem, runs)
    say(notes)
    if number is not None:
        trials = mixer.rounds(problem)[number]
        write_csv(args.out / PLAN, plan_table(problem, trials, mixer.mixtures(problem, number, found)))
        return _plan(args.out / PLAN, problem, mixer, trials, notes)
    choice = mixer.choose(problem, found)
    told = warnings(problem, choice)
    say([*choice.notes, *told])
    record = choice_record(problem, mixer.name, choice, [*notes, *told])
    write_json(args.out / MIXTURE, record)
    return Output(_text(problem, record, args.out / MIXTURE), record)


def read_evidence(path: Path, domains: tuple[str, ...]) -> tuple[Runs, list[str]]:
    """The runs of a table that hold for these domains, and notes on what was left out.

    A loss that was not measured of all runs, as that on a domain that was added later, is left out.

    Raises:
        PhasemixError: it cannot be read, or its runs have different tokenizers, by a column ``tokenizer``.
    """
    with naming(path):
        table = read_table(path)
    kinds = sorted(set(map(str, table["tokenizer"]))) if "tokenizer" in table else []
    if len(kinds) > 1:
        raise PhasemixError(
            f"{path}: runs with the tokenizers {', '.join(kinds)}: losses per token of one cannot be compared with"
            " those of another; keep the runs of one, or train the others again"
        )
    losses = [name for name in map(str, table) if name.startswith(LOSS)]
    missing = [name for name in losses if (table[name].isna() | (table[name].astype(str).str.strip() == "")).any()]
    notes = []
    if missing and len(missing) < len(losses):
        table = table.drop(columns=missing)
        notes.append(f"not every run has {' or '.join(missing)}: left out; evaluate the earlier models on it as well")
    with naming(path):
        runs, more = keep_valid(to_runs(table), domains)
    return runs, [*notes, *more]


def options_of(given: list[str]) -> dict[str, float]:
    """Options written as ``name=number``.

    Raises:
        PhasemixError: one is written otherwise.
    """
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise PhasemixError(f"--option {text}: write NAME=NUMBER")
    return found


def gathered(mixer: Mixer, problem: Problem, runs: Runs | None) -> tuple[Runs | None, int | None]:
    """The runs of all rounds, and None; or those of the rounds before the first of which none is there, and its number.

    Raises:
        PhasemixError: a round is there in part, or its runs are not what was asked for.
    """
    asked: list[Trial] = []
    mixtures = np.empty((0, len(problem.domains)))
    found = None
    for number, trials in enumerate(mixer.rounds(problem)):
        if runs is None or not {str(name) for name in runs.run} & {trial.name for trial in trials}:
            return found, number
        asked += trials
        mixtures = np.concatenate([mixtures, mixer.mixtures(problem, number, found)])
        found = of_trials(runs, asked, mixtures)
    return found, None


def _plan(path: Path, problem: Problem, mixer: Mixer, trials: list[Trial], notes: list[str]) -> Output:
    cost = sum(trial.scale.cost for trial in trials)
    share = f"{100 * cost / problem.target.cost:.3g} % of the target's run"
    count = "1 run" if len(trials) == 1 else f"{len(trials)} runs"
    text = (
        f"{mixer.name} asks for {count}, which cost {share}: train those of {path}, and call this again with"
        " --runs, a table of all runs so far"
    )
    asked = [trial.name for trial in trials]
    return Output(text, {"mixer": mixer.name, "plan": str(path), "runs": asked, "notes": notes})


def _text(problem: Problem, record: dict[str, Any], path: Path) -> str:
    shown = pd.DataFrame({"domain": problem.domains.names})
    if len(record["phases"]) > 1:
        for phase in record["phases"]:
            shown[f"until {phase['until']:,}"] = [f"{part:.4f}" for part in phase["proportions"].values()]
    else:
        shown["proportion"] = [f"{part:.4f}" for part in record["mixture"].values()]
    if problem.domains.tokens is not None:
        epochs = problem.epochs_of(np.array(list(record["mixture"].values())))
        shown["epochs"] = [f"{times:.3g}" for times in epochs]
    predicted = record["predicted"]
    shown["predicted loss"] = [f"{predicted[name]:.4f}" if name in predicted else "–" for name in shown["domain"]]
    steering = record["steering"]
    words = [shown.to_string(index=False), ""]
    if steering:
        words.append(
            f"steered on the way by the controller {steering['controller']}, which begins with these proportions"
        )
    words.append(f"the search cost {100 * record['cost']['of_target']:.3g} % of the target's run; written to {path}")
    return "\n".join(words)

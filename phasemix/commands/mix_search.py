"""``phasemix mix search``: a mixture by any mixer, for people with their own domains and their own trainer."""

import argparse
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import count
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
from phasemix.search.evidence import keep_valid, missing_trials, of_trials
from phasemix.search.mixer import Mixer, Trial, warnings
from phasemix.search.plan_table import choice_record, plan_table
from phasemix.search.problem import Problem, Scale

PLAN, MIXTURE = "plan.csv", "mixture.json"
MOST = 0.1  # of the runs: a loss that more of them lack is left out, and not these runs


def run(args: argparse.Namespace) -> Output:
    """Write the next round's plan to ``args.out``, or the mixture if all its runs are there."""
    domains = read_domains(Path(args.domains))
    problem = Problem(
        domains,
        target=Scale(args.size, args.tokens),
        proxy=Scale(args.small_size or args.size, args.small_tokens or args.tokens),
        runs=args.small_runs,
        epochs=args.epochs,
        weights=weights_of(args.weight, domains.names),
        seed=args.seed,
    )
    mixer = load_mixer(args.mixer, options_of(args.option))
    check_folder(args.out)
    problem.caps  # noqa: B018 (refused before anything is trained where epochs do not suffice, or tokens are unknown)
    runs, notes, taken = (None, [], set()) if args.runs is None else read_evidence(Path(args.runs), domains.names)
    if mixer.cost(problem) > problem.target.cost:
        notes.append("the search costs more than the target's run: give --small-size and --small-tokens")
    found, plan, more = planned(mixer, problem, runs, taken)
    more += mixer.advice(problem) if plan is not None else []
    say([*notes, *more])
    if plan is not None:
        (args.out / MIXTURE).unlink(missing_ok=True)  # of a search that ended here before
        write_csv(args.out / PLAN, plan)
        return _plan(args.out / PLAN, problem, mixer, plan, [*notes, *more])
    _require_losses(problem, found)
    choice = mixer.choose(problem, found)
    told = warnings(problem, choice)
    say([*choice.notes, *told])
    record = choice_record(problem, mixer.name, choice, [*notes, *more, *told])
    (args.out / PLAN).unlink(missing_ok=True)  # which is done
    write_json(args.out / MIXTURE, record)
    return Output(_text(problem, record, args.out / MIXTURE), record)


def read_evidence(path: Path, domains: tuple[str, ...]) -> tuple[Runs | None, list[str], set[str]]:
    """The runs of a table that hold for these domains, notes on what was left out, and the names of all its runs.

    Runs and rows that lack losses are left out, as where a run diverged; and so is a loss that many runs lack, as that
    on a domain that was added later.

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
    taken = set(table["run"].astype(str)) if "run" in table else set()
    table, notes = _measured(table)
    with naming(path):
        runs, more = keep_valid(to_runs(table), domains)
    return runs, [*notes, *more], taken


def _require_losses(problem: Problem, runs: Runs | None) -> None:
    """Make sure that every domain that counts has a loss.

    Raises:
        PhasemixError: one has none.
    """
    weights = problem.weights or dict.fromkeys(problem.domains.names, 1.0)
    lacking = [] if runs is None else [name for name, weight in weights.items() if weight and name not in runs.targets]
    if lacking:
        raise PhasemixError(
            f"the runs have no loss on {', '.join(lacking)}: evaluate all of them on it, or give --weight"
            f" {lacking[0]}=0, and the mixture will not care for it"
        )


def _measured(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The table with a number in every cell of a loss, and notes on what was left out.

    A loss that most runs lack is left out of all; runs that lack one of the others are left out, and so are rows.
    """
    losses = [name for name in map(str, table) if name.startswith(LOSS)]
    if not losses or "run" not in table:
        return table, []  # which is refused where tables of runs are read
    if "step" in table:  # the last row of a run must be that of its last step
        step = pd.to_numeric(table["step"], errors="coerce")
        table = table.iloc[np.lexsort((step, pd.factorize(table["run"])[0]))]
    names = table["run"].astype(str)
    empty = table[losses].isna() | table[losses].astype(str).apply(lambda cells: cells.str.strip()).isin(["", "nan"])
    never = empty.groupby(names, sort=False).all()
    measured = never.loc[~never.all(axis=1)]
    rare = [name for name in losses if measured[name].mean() > MOST]
    notes = (
        [f"not every run has {' or '.join(rare)}: left out; evaluate the earlier models on it as well"] if rare else []
    )
    kept = [name for name in losses if name not in rare]
    lost = never.index[never[kept].any(axis=1)].tolist()
    if lost:
        notes.append(f"left out {', '.join(lost)}: without any loss of some domain, as where a run diverged")
    rows = empty[kept].any(axis=1) & ~names.isin(lost)
    if rows.any():
        notes.append(f"left out {int(rows.sum())} rows that lack a loss")
    return table.loc[~rows & ~names.isin(lost)].drop(columns=rare), notes


def weights_of(given: list[str], domains: tuple[str, ...]) -> dict[str, float]:
    """Weights written as ``domain=number``, 1 of domains that are not named; other losses do not count.

    Raises:
        PhasemixError: one is written otherwise, is negative or of no domain, or all are 0.
    """
    found = numbers_of("--weight", given)
    for name, weight in found.items():
        if name not in domains:
            raise PhasemixError(f"--weight {name}: is no domain; there are {', '.join(domains)}")
        if weight < 0:
            raise PhasemixError(f"--weight {name}={weight:g}: must be 0 or more")
    weights = dict.fromkeys(domains, 1.0) | found
    if not any(weights.values()):
        raise PhasemixError("--weight: all are 0")
    return weights


def options_of(given: list[str]) -> dict[str, float]:
    """Options written as ``name=number``.

    Raises:
        PhasemixError: one is written otherwise.
    """
    return numbers_of("--option", given)


def numbers_of(argument: str, given: list[str]) -> dict[str, float]:
    """Numbers by name, as an argument that may be given again has them.

    Raises:
        PhasemixError: one is written otherwise than ``name=number``.
    """
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise PhasemixError(f"{argument} {text}: write NAME=NUMBER")
    return found


def planned(
    mixer: Mixer, problem: Problem, runs: Runs | None, taken: AbstractSet[str]
) -> tuple[Runs | None, pd.DataFrame | None, list[str]]:
    """The runs that a mixer chooses from, the plan of those that it still lacks, or None, and notes.

    Names that are ``taken``, by runs of earlier domains, are given to no other run of a mixer that takes any.

    Raises:
        PhasemixError: a round is there in part, or its runs are not what was asked for.
    """
    if mixer.any_runs:
        [trials], mixtures = mixer.rounds(problem), mixer.mixtures(problem, 0, None)
        kept, missing, notes = missing_trials(runs, trials, mixtures, problem.runs)
        if not missing:
            return kept, None, notes
        asked = [_renamed(trials[i], taken) for i in missing]
        return None, plan_table(problem, asked, mixtures[missing]), notes
    found, number = gathered(mixer, problem, runs)
    if number is None:
        return found, None, []
    return None, plan_table(problem, mixer.rounds(problem)[number], mixer.mixtures(problem, number, found)), []


def _renamed(trial: Trial, taken: AbstractSet[str]) -> Trial:
    """A trial under a name that no run has."""
    names = (trial.name if number == 1 else f"{trial.name}-{number}" for number in count(1))
    return replace(trial, name=next(name for name in names if name not in taken))


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


def _plan(path: Path, problem: Problem, mixer: Mixer, plan: pd.DataFrame, notes: list[str]) -> Output:
    cost = sum(Scale(size, tokens).cost for size, tokens in zip(plan["size"], plan["tokens"], strict=True))
    one, whole = (f"{100 * each / problem.target.cost:.3g} %" for each in (cost, mixer.cost(problem)))
    rounds = len(mixer.rounds(problem))
    of_all = f" (all {rounds} rounds: {whole})" if rounds > 1 else ""
    many = "1 run" if len(plan) == 1 else f"{len(plan)} runs"
    text = (
        f"{mixer.name} asks for {many}, which cost {one} of the target's run{of_all}: train those of {path}, and call"
        " this again with --runs, a table of all runs so far"
    )
    return Output(text, {"mixer": mixer.name, "plan": str(path), "runs": plan["run"].tolist(), "notes": notes})


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
    at = record["predicted_at"]
    heading = f"predicted loss ({at['size']:g} parameters, {at['tokens']:g} tokens)" if at else "predicted loss"
    shown[heading] = [f"{predicted[name]:.4f}" if name in predicted else "–" for name in shown["domain"]]
    steering = record["steering"]
    words = [shown.to_string(index=False), ""]
    if steering:
        words.append(
            f"steered on the way by the controller {steering['controller']}, which begins with these proportions"
        )
    words.append(f"the search cost {100 * record['cost']['of_target']:.3g} % of the target's run; written to {path}")
    return "\n".join(words)

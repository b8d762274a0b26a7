"""``phasemix laws fit``: a law fitted on a table of runs, as a file."""

import argparse

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.base.json_rows import json_rows
from phasemix.base.sources import refuse_edited_code
from phasemix.commands.output import Output, check_out, say
from phasemix.fitting.choice import AUTO, choose
from phasemix.fitting.law_file import write_law
from phasemix.fitting.runs import Runs
from phasemix.fitting.runs_table import read_runs
from phasemix.laws import NAMES, load_law, module_of


def run(args: argparse.Namespace) -> Output:
    """Fit ``args.law`` on ``args.runs``."""
    if args.law != AUTO:
        module_of(args.law)
    runs = read_runs(args.runs)
    check_out(args.out, args.runs)
    name, why = _chosen(runs, args) if args.law == AUTO else (args.law, [])
    law = load_law(name)
    refuse_edited_code()  # it was imported just now
    try:
        fit = law.fit(runs, args.seed)
    except np.linalg.LinAlgError as error:
        raise PhasemixError(f"{args.runs}: {law.name} fails on these numbers ({error})") from None
    fit.notes[:0] = why
    notes = [*runs.notes, *(f"{target}: {reason}" for target, reason in fit.skipped.items()), *fit.notes]
    say(notes)
    write_law(args.out, fit)
    parameters = json_rows(fit.parameters())
    return Output(record={"law": name, "file": str(args.out), "parameters": parameters, "notes": notes})


def _chosen(runs: Runs, args: argparse.Namespace) -> tuple[str, list[str]]:
    """The law with the least error on what is held out of the runs, and why."""
    laws = [load_law(name) for name in NAMES]
    refuse_edited_code()  # they were imported just now
    choice = choose(runs, laws, args.holdout, args.fraction, args.seed)
    return choice.law, [f"{AUTO}: {choice.why}"]

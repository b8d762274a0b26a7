"""``phasemix laws fit``: a law fitted on a table of runs, as a file."""

import argparse

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.base.sources import refuse_edited_code
from phasemix.commands.output import check_out, say
from phasemix.fitting.law_file import write_law
from phasemix.fitting.runs_table import read_runs
from phasemix.laws import load_law, module_of


def run(args: argparse.Namespace) -> None:
    """Fit ``args.law`` on ``args.runs``."""
    module_of(args.law)
    runs = read_runs(args.runs)
    check_out(args.out, args.runs)
    law = load_law(args.law)
    refuse_edited_code()  # it was imported just now
    try:
        fit = law.fit(runs, args.seed)
    except np.linalg.LinAlgError as error:
        raise PhasemixError(f"{args.runs}: {args.law} fails on these numbers ({error})") from None
    say([*runs.notes, *(f"{name}: {reason}" for name, reason in fit.skipped.items()), *fit.notes])
    write_law(args.out, fit)

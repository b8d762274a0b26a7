"""``phasemix laws compare``: laws fitted on some of the runs and asked about the others."""

import argparse
from dataclasses import replace

import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv
from phasemix.base.json_rows import json_rows
from phasemix.base.sources import refuse_edited_code
from phasemix.commands.output import Output, check_out, say
from phasemix.fitting.choice import AUTO, choose
from phasemix.fitting.comparison import Comparison, compare
from phasemix.fitting.law import Law, LawError
from phasemix.fitting.runs import Runs
from phasemix.fitting.runs_table import read_runs
from phasemix.fitting.splits import folds, hold_out
from phasemix.laws import NAMES, load_law, module_of


def run(args: argparse.Namespace) -> Output:
    """Compare ``args.laws``, or all, on ``args.runs``."""
    names = list(dict.fromkeys(args.laws or NAMES))
    for name in names:
        module_of(name)
    runs = read_runs(args.runs)
    check_out(args.out, args.runs)
    if args.folds is None:
        splits = [hold_out(runs, args.holdout, args.fraction, args.seed)]
    elif args.holdout == "mixtures":
        splits = list(folds(runs, args.folds, args.seed))
    else:
        raise PhasemixError("--folds goes with --holdout mixtures alone")
    if args.holdout == "size" and not splits[0][0].varies("size"):
        say(["one size is left to fit on: laws predict the other as if it were the same"])
    laws = [load_law(name) for name in names]
    refuse_edited_code()  # they were imported just now
    found = compare(splits, laws, args.seed)
    if len(splits) == 1 and len(laws) > 1:
        found = _with_choice(found, splits[0][0], laws, args)
    notes = [*runs.notes, *found.notes]
    say(notes)
    write_csv(args.out, found.table)
    record = {"laws": json_rows(found.summary), "table": str(args.out), "notes": notes}
    return Output(f"{_shown(found.summary)}\nmeans over each law's own domains", record)


def _with_choice(found: Comparison, train: Runs, laws: list[Law], args: argparse.Namespace) -> Comparison:
    """The comparison with rows of ``auto``: those of the law that is chosen without what was held out."""
    try:
        choice = choose(train, laws, args.holdout, args.fraction, args.seed)
    except LawError as error:
        return replace(found, notes=[*found.notes, f"no {AUTO}: {error}"])
    rows = found.table[found.table["law"] == choice.law].assign(law=AUTO)
    table = pd.concat([found.table, rows], ignore_index=True)
    return replace(found, table=table, notes=[*found.notes, f"{AUTO}: {choice.why}"])


def _shown(summary: pd.DataFrame) -> str:
    """The summary of a comparison as text: errors in per cent."""
    table = pd.DataFrame({"law": summary["law"], "domains": summary["domains"]})
    table["error %"] = (100 * summary["mean_relative_error"]).map("{:.3g}".format)
    if summary["noise_multiple"].notna().any():
        table["× noise"] = summary["noise_multiple"].map("{:.2f}".format)
    for name in ("r2_log", "spearman"):
        table[name] = summary[name].map("{:.4f}".format)
    table["seconds"] = summary["seconds"].map("{:.1f}".format)
    return table.to_string(index=False)

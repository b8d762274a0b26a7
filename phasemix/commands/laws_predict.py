"""``phasemix laws predict``: a table with the losses that a fitted law predicts.

Its columns, beside those that were given: ``pred.<domain>``, with ``low.`` and ``high.`` where intervals are asked for;
``pred.recall.<domain>`` by a law that knows facts;
with ``--refuse-outside``, these are empty in rows outside the fitted runs;
``outside``, what of mixture, step and size lies outside the fitted runs, and how far: ``outside.mixture``,
``outside.proportion``, ``outside.step`` and ``outside.size`` (:class:`phasemix.fitting.outside.Outside`).
"""

import argparse
from pathlib import Path

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv
from phasemix.base.json_rows import json_rows
from phasemix.commands.output import Output, check_out, say
from phasemix.fitting.law import Fit
from phasemix.fitting.law_file import read_law
from phasemix.fitting.outside import outside
from phasemix.fitting.runs import AXES, Runs
from phasemix.fitting.runs_table import read_runs
from phasemix.fitting.table_file import read_table


def run(args: argparse.Namespace) -> Output:
    """Add predictions of the law ``args.law`` to the table ``args.runs``."""
    fit = read_law(args.law)
    runs = read_runs(args.runs, losses=False)
    check_out(args.out, args.law, args.runs)
    predicted = fit.predict(runs)
    notes = [*runs.notes, *_elsewhere(fit, runs)]
    if np.isnan(predicted).any():
        notes.append(f"{fit.law.name} says nothing of {np.isnan(predicted).any(axis=1).sum()} of {len(runs)} rows")
    columns = {f"pred.{name}": column for name, column in zip(fit.targets, predicted.T, strict=True)}
    columns |= {f"pred.recall.{name}": column for name, column in fit.recall(runs).items()}
    if args.intervals is not None:
        intervals = fit.interval(runs, args.intervals)
        if np.isnan(intervals[0]).sum() > np.isnan(predicted).sum():
            notes.append("no intervals at sizes and steps that the law was not fitted at")
        for side, values in zip(("low", "high"), intervals, strict=True):
            columns |= {f"{side}.{name}": column for name, column in zip(fit.targets, values.T, strict=True)}
    far = outside(fit.runs, runs)
    there = np.array([bool(flag) for flag in far.flags])
    if args.refuse_outside:
        columns = {name: np.where(there, np.nan, column) for name, column in columns.items()}
    if count := int(there.sum()):
        told = f"{count} of {len(runs)} rows lie outside what the law was fitted on"
        notes.append(f"{told}{', and have no prediction' if args.refuse_outside else ''}: see the columns outside")
    columns |= {"outside": np.array(far.flags, dtype=object)}
    columns |= {"outside.mixture": far.mixture, "outside.proportion": far.proportion}
    columns |= {f"outside.{axis}": beyond for axis in AXES if (beyond := getattr(far, axis)) is not None}
    table = read_table(Path(args.runs))
    clash = sorted(set(columns) & set(table.columns))
    if clash:
        raise PhasemixError(f"{args.runs}: has a column {clash[0]} already; rename it")
    say(notes)
    found = table.assign(**columns)
    write_csv(args.out, found)
    predictions = json_rows(found[["run", *columns]])
    return Output(record={"law": fit.law.name, "predictions": predictions, "table": str(args.out), "notes": notes})


def _elsewhere(fit: Fit, runs: Runs) -> list[str]:
    """Steps and sizes that are asked about and that the law takes for those it was fitted at."""
    notes = []
    for axis in ("step", "size"):
        known, asked = getattr(fit.runs, axis), getattr(runs, axis)
        if axis not in fit.axes and asked is not None and (known is None or set(asked) - set(known)):
            notes.append(f"{axis} has no bearing on this fit: other values are predicted as if they were its own")
    return notes

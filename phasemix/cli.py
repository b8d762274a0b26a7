"""The command line: ``phasemix laws fit | predict | compare`` and ``phasemix mix optimise``."""

import argparse
import errno
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.base import errors
from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv, write_json
from phasemix.fitting.comparison import HOLDOUTS, compare, folds, hold_out
from phasemix.fitting.law import Fit
from phasemix.fitting.law_file import read_law, write_law
from phasemix.fitting.runs import Runs, read_runs, read_table
from phasemix.laws import NAMES, load_law


def main() -> None:
    """Run the command that the command line names; mistakes of the user are one line and exit code 1."""
    errors.run(lambda: run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> None:
    """Run the command of a list of arguments.

    Raises:
        PhasemixError: a mistake of the user.
    """
    args = _parser().parse_args(arguments)
    args.command(args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="phasemix", description="Laws of mixing pre-training data.")
    groups = parser.add_subparsers(required=True, metavar="laws | mix")
    laws = groups.add_parser("laws", help="fit laws on a table of runs, predict with them, compare them")
    commands = laws.add_subparsers(required=True, metavar="fit | predict | compare")

    fit = commands.add_parser("fit", help="fit a law", description=_catalogue(), formatter_class=_AsIs)
    fit.add_argument("runs", metavar="RUNS", help="table of runs, .csv or .parquet")
    fit.add_argument("--law", required=True, help="its name", metavar="NAME")
    fit.add_argument("--seed", type=int, default=0, help="of random starts (default: 0)")
    fit.add_argument("--out", type=Path, required=True, metavar="LAW.json")
    fit.set_defaults(command=_fit)

    predict = commands.add_parser("predict", help="predict losses with a fitted law")
    predict.add_argument("law", metavar="LAW.json")
    predict.add_argument("runs", metavar="RUNS", help="table with mix columns, and size or step where the law has them")
    predict.add_argument(
        "--intervals", type=_share, metavar="P", help="add columns low.… and high.… of this confidence"
    )
    predict.add_argument("--out", type=Path, required=True, metavar="PRED.csv")
    predict.set_defaults(command=_predict)

    comparison = commands.add_parser("compare", help="compare laws on held-out runs")
    comparison.add_argument("runs", metavar="RUNS")
    comparison.add_argument("--laws", nargs="+", metavar="NAME", help="default: all")
    comparison.add_argument(
        "--holdout", choices=HOLDOUTS, default="mixtures", help="what is held out (default: mixtures)"
    )
    comparison.add_argument("--fraction", type=_share, default=0.2, help="of mixtures or steps (default: .2)")
    comparison.add_argument("--folds", type=int, metavar="K", help="hold out every mixture once, in K folds, instead")
    comparison.add_argument("--seed", type=int, default=0, help="of the split and of random starts (default: 0)")
    comparison.add_argument("--out", type=Path, required=True, metavar="TABLE.csv")
    comparison.set_defaults(command=_compare)

    mix = groups.add_parser("mix", help="choose a mixture").add_subparsers(required=True, metavar="optimise")
    best = mix.add_parser("optimise", help="the mixture that a fitted law says is best")
    best.add_argument("law", metavar="LAW.json")
    best.add_argument(
        "--step", type=_positive, metavar="S", help="at which step (default: the last of the fitted runs)"
    )
    best.add_argument("--size", type=_positive, metavar="N", help="at which size (default: the largest)")
    best.add_argument(
        "--target", default="mean", metavar="mean|DOMAIN=WEIGHT,…", help="loss to minimise (default: mean)"
    )
    best.add_argument(
        "--cap", nargs="+", action="extend", default=[], metavar="DOMAIN=EPOCHS:TOKENS",
        help="use no more than EPOCHS passes over the domain's TOKENS, counted as --step is",
    )  # fmt: skip
    best.add_argument("--prior", metavar="runs|uniform|DOMAIN=WEIGHT,…", help="stay near this mixture; needs --kl")
    best.add_argument("--kl", type=_positive, metavar="λ", help="nats of loss that a nat of divergence costs")
    best.add_argument(
        "--bootstrap", type=_count, default=20, metavar="B", help="refits behind the interval (default: 20)"
    )
    best.add_argument("--seed", type=int, default=0, help="of starts and resamples (default: 0)")
    best.add_argument("--out", type=Path, metavar="OPTIMUM.json", help="also write what is shown")
    best.set_defaults(command=_optimise)
    return parser


def _fit(args: argparse.Namespace) -> None:
    law = load_law(args.law)
    _check_writable(args.out)
    runs = read_runs(args.runs)
    try:
        fit = law.fit(runs, args.seed)
    except np.linalg.LinAlgError as error:
        raise PhasemixError(f"{args.runs}: {law.name} fails on these numbers ({error})") from None
    _say([*runs.notes, *(f"{name}: {reason}" for name, reason in fit.skipped.items()), *fit.notes])
    write_law(args.out, fit)


def _predict(args: argparse.Namespace) -> None:
    _check_writable(args.out)
    fit = read_law(args.law)
    runs = read_runs(args.runs, losses=False)
    predicted = fit.predict(runs)
    _say([*runs.notes, *_elsewhere(fit, runs)])
    if np.isnan(predicted).any():
        _say([f"{fit.law.name} says nothing of {np.isnan(predicted).any(axis=1).sum()} of {len(runs)} rows"])
    columns = {f"pred.{name}": column for name, column in zip(fit.targets, predicted.T, strict=True)}
    if args.intervals is not None:
        intervals = fit.interval(runs, args.intervals)
        if np.isnan(intervals[0]).sum() > np.isnan(predicted).sum():
            _say(["no intervals at sizes and steps that the law was not fitted at"])
        for side, values in zip(("low", "high"), intervals, strict=True):
            columns |= {f"{side}.{name}": column for name, column in zip(fit.targets, values.T, strict=True)}
    table = read_table(Path(args.runs))
    clash = sorted(set(columns) & set(table.columns))
    if clash:
        raise PhasemixError(f"{args.runs}: has a column {clash[0]} already; rename it")
    write_csv(args.out, table.assign(**columns))


def _compare(args: argparse.Namespace) -> None:
    _check_writable(args.out)
    laws = [load_law(name) for name in dict.fromkeys(args.laws or NAMES)]
    runs = read_runs(args.runs)
    if args.folds is None:
        splits = [hold_out(runs, args.holdout, args.fraction, args.seed)]
    elif args.holdout == "mixtures":
        splits = list(folds(runs, args.folds, args.seed))
    else:
        raise PhasemixError("--folds goes with --holdout mixtures alone")
    if args.holdout == "size" and not splits[0][0].varies("size"):
        _say(["one size is left to fit on: laws predict the other as if it were the same"])
    found = compare(splits, laws, args.seed)
    _say([*runs.notes, *found.notes])
    write_csv(args.out, found.table)
    print(f"{_shown(found.summary)}\nmeans over each law's own domains")


def _optimise(args: argparse.Namespace) -> None:
    from phasemix.fitting.choice import choose  # noqa: PLC0415 - CVXPY takes a second

    if args.out:
        _check_writable(args.out)
    wishes = {name: getattr(args, name) for name in ("step", "size", "target", "cap", "prior", "kl")}
    objective, notes = choose(read_law(args.law), **wishes)
    from phasemix.fitting.optimisation import optimise  # noqa: PLC0415 - the same

    optimum = optimise(objective, bootstrap=args.bootstrap, seed=args.seed)
    _say([*notes, *optimum.notes])
    if args.out:
        write_json(args.out, optimum.record(objective))
    print(optimum.text())


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and 1")
    return value


def _check_writable(path: Path) -> None:
    """Refuse a path that cannot be written, before the work."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a directory")
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, "its folder is not writable")
    except OSError as error:
        raise PhasemixError(f"--out {path}: cannot be written: {error.strerror}") from None


def _elsewhere(fit: Fit, runs: Runs) -> list[str]:
    """Steps and sizes that are asked about and that the law takes for those it was fitted at."""
    notes = []
    for axis in ("step", "size"):
        known, asked = getattr(fit.runs, axis), getattr(runs, axis)
        if axis not in fit.axes and asked is not None and (known is None or set(asked) - set(known)):
            notes.append(f"{axis} has no bearing on this fit: other values are predicted as if they were its own")
    return notes


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 0 or more")
    return int(text)


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return value


def _say(notes: Iterable[str]) -> None:
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def _shown(summary: pd.DataFrame) -> str:
    """The summary of a comparison as text: errors in per cent."""
    table = pd.DataFrame({"law": summary["law"], "domains": summary["domains"]})
    table["error %"] = (100 * summary["mean_relative_error"]).map("{:.3g}".format)
    for name in ("r2_log", "spearman"):
        table[name] = summary[name].map("{:.4f}".format)
    table["seconds"] = summary["seconds"].map("{:.1f}".format)
    return table.to_string(index=False)


def _catalogue() -> str:
    return "laws:\n" + "\n".join(
        f"  {law.name:<16} {law.equation}\n  {'':<16} {law.source}" for law in map(load_law, NAMES)
    )


class _AsIs(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the catalogue."""


if __name__ == "__main__":
    main()

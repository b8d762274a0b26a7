"""The command line: ``phasemix laws fit | predict | compare`` and ``phasemix mix optimise``.

Here arguments are read. What a command does is in :mod:`phasemix.commands`, and is imported when it runs.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from phasemix.base import errors
from phasemix.base.files import unchanged
from phasemix.fitting.holdout_kinds import HOLDOUTS
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
    read = [path for name in ("runs", "law") if Path(path := getattr(args, name, "")).is_file()]
    with unchanged(read):
        import_module(f"phasemix.commands.{args.command}").run(args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="phasemix", description="Laws of mixing pre-training data.")
    groups = parser.add_subparsers(required=True, metavar="laws | mix")
    laws = groups.add_parser("laws", help="fit laws on a table of runs, predict with them, compare them")
    commands = laws.add_subparsers(required=True, metavar="fit | predict | compare")

    fit = commands.add_parser("fit", help="fit a law", formatter_class=_AsIs, add_help=False)
    fit.add_argument("-h", "--help", action=_HelpWithLaws, help="show this help message and exit")
    fit.add_argument("runs", metavar="RUNS", help="table of runs, .csv or .parquet")
    fit.add_argument("--law", required=True, help="its name", metavar="NAME")
    fit.add_argument("--seed", type=int, default=0, help="of random starts (default: 0)")
    fit.add_argument("--out", type=Path, required=True, metavar="LAW.json")
    fit.set_defaults(command="laws_fit")

    predict = commands.add_parser("predict", help="predict losses with a fitted law")
    predict.add_argument("law", metavar="LAW.json")
    predict.add_argument("runs", metavar="RUNS", help="table with mix columns, and size or step where the law has them")
    predict.add_argument(
        "--intervals", type=_share, metavar="P", help="add columns low.… and high.… of this confidence"
    )
    predict.add_argument("--out", type=Path, required=True, metavar="PRED.csv")
    predict.set_defaults(command="laws_predict")

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
    comparison.set_defaults(command="laws_compare")

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
    best.set_defaults(command="mix_optimise")
    return parser


def _share(text: str) -> float:
    value = _number(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and 1")
    return value


def _positive(text: str) -> float:
    value = _number(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return value


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 0 or more")
    return int(text)


def _number(text: str) -> float:
    """A number, or −1 where there is none."""
    try:
        return float(text)
    except ValueError:
        return -1.0


class _HelpWithLaws(argparse.Action):
    """``--help`` with all laws, which are imported for it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        laws = [(name, load_law(name)) for name in NAMES]
        parser.description = "laws:\n" + "\n".join(
            f"  {name:<16} {law.equation}\n  {'':<16} {law.source}" for name, law in laws
        )
        parser.print_help()
        parser.exit()


class _AsIs(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the list of laws."""


if __name__ == "__main__":
    main()

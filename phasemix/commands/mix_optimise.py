"""``phasemix mix optimise``: the mixture that a fitted law says is best."""

import argparse

from phasemix.base.files import write_json
from phasemix.commands.output import Output, check_out, say
from phasemix.fitting.law_file import read_law
from phasemix.fitting.objective_options import choose


def run(args: argparse.Namespace) -> Output:
    """Show the best mixture by the law ``args.law``."""
    options = {name: getattr(args, name) for name in ("step", "size", "target", "cap", "prior", "kl")}
    objective, notes = choose(read_law(args.law), **options)
    if args.out:
        check_out(args.out, args.law)
    from phasemix.fitting.optimum import find_optimum  # noqa: PLC0415 - CVXPY takes a second

    optimum = find_optimum(objective, bootstrap=args.bootstrap, seed=args.seed)
    notes = [*notes, *optimum.notes]
    say(notes)
    record = optimum.record(objective)
    if args.out:
        write_json(args.out, record)
    return Output(optimum.text(), record | {"notes": notes})

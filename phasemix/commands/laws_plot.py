"""``phasemix laws plot``: pictures of a fitted law, as SVG and PNG.

=================  ==================================================================================================
``predictions``    measured against predicted losses, and residuals by domain
``proportions``    every domain's loss over its own proportion, with the law's interval and the runs
``steps``          losses over steps, measured and predicted
=================  ==================================================================================================

A picture that a law has not, such as ``steps`` where runs have one step, is not written.
"""

import argparse

from phasemix.base.errors import PhasemixError
from phasemix.commands.output import Output, check_folder, say
from phasemix.fitting.law_file import read_law
from phasemix.fitting.runs_table import read_runs


def run(args: argparse.Namespace) -> Output:
    """Draw the law ``args.law``, on ``args.runs`` if there are any."""
    fit = read_law(args.law)
    runs = read_runs(args.runs) if args.runs else fit.runs
    lacking = [name for name in fit.targets if name not in runs.targets]
    if lacking:
        raise PhasemixError(f"{args.runs}: lacks the column loss.{lacking[0]}, which the law predicts")
    check_folder(args.out)
    from phasemix.plots import predictions, proportions, steps  # noqa: PLC0415 - matplotlib takes a second
    from phasemix.report.figure_style import save_pictures, set_theme  # noqa: PLC0415

    set_theme()
    drawn = {
        "predictions": predictions.draw(fit, runs, fitted=not args.runs),
        "proportions": proportions.draw(fit, args.step, args.size),
        "steps": steps.draw(fit),
    }
    notes = [f"no picture of {name}: the law or its runs have none" for name, figure in drawn.items() if not figure]
    say(notes)
    pictures = [save_pictures(figure, args.out, name) for name, figure in drawn.items() if figure is not None]
    files = [file for both in pictures for file in both]
    return Output(record={"pictures": [str(file) for file in files], "notes": notes})

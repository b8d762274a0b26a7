"""``phasemix completion``: a script that completes commands and options in a shell."""

import argparse

from phasemix.commands.output import Output


def run(args: argparse.Namespace) -> Output:
    """The script for ``args.shell``."""
    import shtab  # noqa: PLC0415 - nothing else needs it

    from phasemix.cli import parser  # noqa: PLC0415 - which imports this module by its name

    script = shtab.complete(parser(names=True), args.shell)
    return Output(script, {"shell": args.shell, "script": script})

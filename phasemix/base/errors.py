"""Errors for people: one line that says where, what is wrong and what to do."""

import os
import sys
from collections.abc import Callable

WARNING = "warning: "


class PhasemixError(Exception):
    """A mistake that the user can mend; its message is one complete line."""


def run(main: Callable[[], None]) -> None:
    """Run a script's ``main``; a ``PhasemixError`` becomes one line on stderr and exit code 1.

    Code that was edited while the script's modules were imported is not run
    (:func:`phasemix.base.sources.refuse_edited_code`).
    """
    from phasemix.base.sources import refuse_edited_code  # noqa: PLC0415 (it imports this module)

    try:
        refuse_edited_code()
        main()
        sys.stdout.flush()
    except PhasemixError as error:
        sys.exit(f"error: {error}")
    except BrokenPipeError:  # the reader, such as `head`, has seen enough; nothing is left to be flushed at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def warn(line: str) -> None:
    """Say on stderr what people should know, and `make reproduce` shows them."""
    print(f"{WARNING}{line}", file=sys.stderr, flush=True)


def one_line(error: BaseException) -> str:
    """The first line of another library's error, to stand inside one of ours."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)

"""A folder of modules of one kind, one name each: a file ``two_phase.py`` holds what is named ``two-phase``."""

import difflib
from collections.abc import Sequence
from pathlib import Path

from phasemix.base.errors import PhasemixError


def names_in(folder: Path) -> tuple[str, ...]:
    """The names of all modules of a folder, found by listing it; none is imported."""
    return tuple(sorted(path.stem.replace("_", "-") for path in folder.glob("[a-z]*.py")))


def module_named(name: str, names: Sequence[str], package: str, kind: str) -> str:
    """The module that holds what has this name in a package.

    Args:
        name: that is asked for.
        names: all there are.
        package: that they stand in.
        kind: what they are, for people: such as ``law``.

    Raises:
        PhasemixError: there is none of this name.
    """
    if name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise PhasemixError(f"no {kind} is named {name!r}.{hint} There are: {', '.join(names)}")
    return f"{package}.{name.replace('-', '_')}"

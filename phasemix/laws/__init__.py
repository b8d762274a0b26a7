"""The mixing laws, one file each: ``bimix_power.py`` holds the law ``bimix-power`` as the object ``LAW``.

To add a law, add a file. Laws are found by listing this folder, and none is imported before it is used.
What laws share is in :mod:`phasemix.fitting`.
"""

import difflib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from phasemix.base.errors import PhasemixError

if TYPE_CHECKING:  # importing a law takes a second
    from phasemix.fitting.law import Law

NAMES = tuple(sorted(path.stem.replace("_", "-") for path in Path(__file__).parent.glob("[a-z]*.py")))
"""The names of all laws."""


def module_of(name: str) -> str:
    """The module that holds a law.

    Raises:
        PhasemixError: no law has this name.
    """
    if name not in NAMES:
        close = difflib.get_close_matches(name, NAMES, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise PhasemixError(f"no law is named {name!r}.{hint} There are: {', '.join(NAMES)}")
    return f"{__name__}.{name.replace('-', '_')}"


def load_law(name: str) -> "Law":
    """A law by its name.

    Raises:
        PhasemixError: no law has this name.
    """
    law: Law = import_module(module_of(name)).LAW
    return law

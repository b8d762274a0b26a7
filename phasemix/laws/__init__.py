"""The mixing laws, one file each: ``bimix_power.py`` holds the law ``bimix-power`` as the object ``LAW``.

To add a law, add a file. Laws are found by listing this folder, and none is imported before it is used.
What laws share is in :mod:`phasemix.fitting`.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from phasemix.base.named_modules import module_named, names_in

if TYPE_CHECKING:  # importing a law takes a second
    from phasemix.fitting.law import Law

NAMES = names_in(Path(__file__).parent)
"""The names of all laws."""


def module_of(name: str) -> str:
    """The module that holds a law.

    Raises:
        PhasemixError: no law has this name.
    """
    return module_named(name, NAMES, __name__, "law")


def load_law(name: str) -> "Law":
    """A law by its name.

    Raises:
        PhasemixError: no law has this name.
    """
    law: Law = import_module(module_of(name)).LAW
    return law

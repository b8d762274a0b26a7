"""The mixers, one file each: ``two_phase.py`` holds the mixer ``two-phase``, whose class is ``MIXER``.

To add a mixer, add a file. Mixers are found by listing this folder, and none is imported before it is used. What they
share is in :mod:`phasemix.search`.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phasemix.base.errors import PhasemixError
from phasemix.base.named_modules import module_named, names_in

if TYPE_CHECKING:  # importing a mixer takes a second
    from phasemix.search.mixer import Mixer

NAMES = names_in(Path(__file__).parent)
"""The names of all mixers."""


def module_of(name: str) -> str:
    """The module that holds a mixer.

    Raises:
        PhasemixError: no mixer has this name.
    """
    return module_named(name, NAMES, __name__, "mixer")


def load_mixer(name: str, options: Mapping[str, Any] | None = None) -> "Mixer":
    """A mixer by its name, with its options.

    Raises:
        PhasemixError: no mixer has this name, or it has no such options.
    """
    kind: type[Mixer] = import_module(module_of(name)).MIXER
    try:
        return kind(**(options or {}))
    except (TypeError, ValueError) as error:
        known = ", ".join(f"{option} ({value:g})" for option, value in kind.defaults().items()) or "none"
        raise PhasemixError(f"the options do not fit the mixer {name}: {error}; its options: {known}") from error

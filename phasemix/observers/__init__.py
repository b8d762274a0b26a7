"""Observers of runs, such as trackers of experiments: a file here each, found by its name.

Its ``observe(cell, run)`` returns a :class:`phasemix.training.loop.Observer` of the run of ``cell`` into the folder
``run``, or None where there is nothing to do. Observers change no result, so their code is in no fingerprint, and
adding one retrains nothing. What trackers share is in :mod:`phasemix.observers._tracker`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from phasemix.observers._tracker import wanted_trackers

__all__ = ["observers", "wanted_trackers"]

if TYPE_CHECKING:  # which loads PyTorch
    from phasemix.study.cell import Cell
    from phasemix.training.loop import Observer


def observers(cell: Cell, run: Path) -> list[Observer]:
    """Those who observe a run."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    found = [import_module(f"phasemix.observers.{name}").observe(cell, run) for name in names]
    return [observer for observer in found if observer is not None]

"""What trackers of experiments share: which are wanted, what they call a run, and how a run goes on that was resumed.

Those are wanted that ``PHASEMIX_TRACKERS`` in the environment names, with commas between the names. All else is set by
a tracker's own variables, such as ``WANDB_MODE`` or ``MLFLOW_TRACKING_URI``.

**Format.** ``results/<scale>/trackers/<tracker>/<experiment>/<cell>/run.json``: ``id``, by which the tracker knows the
run, and ``step``, of the last row that it was told. A run whose first row comes later goes on; any other is a new one.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar, Self
from uuid import uuid4

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_json
from phasemix.base.named_modules import names_in
from phasemix.study.cell import Cell

WANTED = "PHASEMIX_TRACKERS"
NAMES = names_in(Path(__file__).parent)


def wanted_trackers() -> list[str]:
    """The names of the trackers that shall observe runs.

    Raises:
        PhasemixError: there is none of that name, or its package is not installed.
    """
    found = [name.strip() for name in os.environ.get(WANTED, "").split(",") if name.strip()]
    for name in found:
        if name not in NAMES:
            raise PhasemixError(f"{WANTED}: no tracker is named {name!r}; there are {', '.join(NAMES)}")
        if find_spec(name) is None:
            raise PhasemixError(f"{WANTED}: {name} is not installed: make environment EXTRAS=trackers")
    return found


@dataclass(frozen=True)
class Place:
    """What trackers call a run, and where their files of it lie.

    Attributes:
        project: of all runs of a scale.
        experiment: the experiment's name.
        cell: the cell's name.
        trackers: the folder of all trackers' files.
    """

    project: str
    experiment: str
    cell: str
    trackers: Path

    @classmethod
    def of(cls, run: Path) -> "Place":
        """That of ``results/<scale>/runs/<experiment>/<cell>``, or of a trunk; else of any folder, by its name."""
        parts = run.parts
        for at in range(len(parts) - 5, -1, -1):
            folder, scale, stage, experiment, *cell = parts[at:]
            if folder == "results" and stage in ("runs", "trunks"):
                name = "/".join(cell) + (" (trunk)" if stage == "trunks" else "")
                return cls(f"phasemix-{scale}", experiment, name, Path(*parts[: at + 2]) / "trackers")
        return cls("phasemix", run.parent.name or "runs", run.name, run.parent / "trackers")


class Tracker(ABC):
    """Tells a tracker of a run, from its first row on.

    Attributes:
        name: class attribute; that of its package and of its file here.
    """

    name: ClassVar[str]

    def __init__(self, cell: Cell, run: Path) -> None:
        self.cell = cell
        self.place = Place.of(run)
        self.folder = self.place.trackers / self.name / self.place.experiment / self.place.cell
        self._id: str | None = None
        self._failed = False

    @classmethod
    def observe(cls, cell: Cell, run: Path) -> Self | None:
        """The tracker of a run, if it is wanted."""
        return cls(cell, run) if cls.name in wanted_trackers() else None

    def row(self, row: Mapping[str, float]) -> None:
        """See :meth:`phasemix.training.loop.Observer.row`; after an error the tracker is told nothing more."""
        if self._failed:
            return
        self._failed = True
        self._tell(row)
        self._failed = False

    def _tell(self, row: Mapping[str, float]) -> None:
        step = int(row["step"])
        file = self.folder / "run.json"
        if self._id is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            before = read_json(file) if file.exists() else {}
            resumed = bool(before) and before["step"] < step
            self._id = before["id"] if resumed else uuid4().hex
            self.begin(self._id, step, resumed=resumed)
        self.log({name: float(value) for name, value in row.items() if name != "step"}, step)
        write_json(file, {"id": self._id, "step": step})

    def end(self) -> None:
        """See :meth:`phasemix.training.loop.Observer.end`."""
        if self._id is not None and not self._failed:
            self.finish()

    @abstractmethod
    def begin(self, identity: str, step: int, *, resumed: bool) -> None:
        """Open the run of this identity, whose next row is that of ``step``."""

    @abstractmethod
    def log(self, values: Mapping[str, float], step: int) -> None:
        """Tell of one row."""

    @abstractmethod
    def finish(self) -> None:
        """Close the run."""

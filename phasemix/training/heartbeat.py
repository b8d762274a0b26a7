"""What a run says of itself while it is trained: ``progress.json`` beside its checkpoints.

Format: ``step``, and ``until`` which it is trained; ``seconds_left`` at its present speed, null before that is
known; ``host`` and ``process`` that train it; ``job``, the number SLURM gave it, or null. It is written every
:data:`BEAT_SECONDS`, also while the step is compiled or the model evaluated, and removed with the checkpoints.
"""

import os
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from phasemix.base.files import write_json

FILE = "progress.json"
KEYS = frozenset({"step", "until", "seconds_left", "host", "process", "job"})
BEAT_SECONDS = 15.0


class Heartbeat:
    """A context in which the news of a run at ``step``, to be trained ``until`` another, are written into ``folder``.

    That they cannot be written stops no run. A ``silent`` one writes nothing.
    """

    def __init__(self, folder: Path, step: int, until: int, silent: bool = False) -> None:
        self._folder = folder
        self._step, self._until = step, until
        self._first: tuple[int, float] | None = None  # the first step trained here, and when it ended
        self._ended = threading.Event()
        self._silent = silent
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        if not self._silent:
            self._write()
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if not self._silent:
            self._thread.join()

    def reached(self, step: int) -> None:
        """Take note of a step."""
        self._step = step
        self._first = self._first or (step, time.monotonic())

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_SECONDS):
            self._write()

    def _write(self) -> None:
        first, began = self._first or (self._step, 0.0)
        trained = self._step - first
        left = (time.monotonic() - began) / trained * (self._until - self._step) if trained else None
        news = {
            "step": self._step,
            "until": self._until,
            "seconds_left": None if left is None else round(left, 1),
            "host": socket.gethostname(),
            "process": os.getpid(),
            "job": os.environ.get("SLURM_JOB_ID"),
        }
        with suppress(OSError):
            write_json(self._folder / FILE, news)

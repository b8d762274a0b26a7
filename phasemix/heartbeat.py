"""What a run says of itself while it is trained: ``progress.json`` beside its checkpoints.

Format: ``step``, and ``until`` which it is trained; ``seconds_left`` at its present speed, null before that is
known; ``host`` and ``process`` that train it; ``job``, the number SLURM gave it, or null. It is written every
:data:`BEAT_SECONDS` at most, and removed with the checkpoints at the end.
"""

import os
import socket
import time
from contextlib import suppress
from pathlib import Path

from phasemix.files import write_json

FILE = "progress.json"
BEAT_SECONDS = 15.0


class Heartbeat:
    """Writes the news of a run that is at ``step`` and trained ``until`` another into ``folder``, at once and then on.

    That news cannot be written stops no run.
    """

    def __init__(self, folder: Path, step: int, until: int) -> None:
        self._folder = folder
        self._until = until
        self._first: tuple[int, float] | None = None  # the first step here, and when it ended
        self._write(step, None)

    def beat(self, step: int) -> None:
        """Write the news if it is time to."""
        now = time.monotonic()
        first, began = self._first = self._first or (step, now)
        if now >= self._due:
            self._write(step, (now - began) / (step - first) * (self._until - step) if step > first else None)

    def _write(self, step: int, seconds_left: float | None) -> None:
        self._due = time.monotonic() + BEAT_SECONDS
        news = {
            "step": step,
            "until": self._until,
            "seconds_left": None if seconds_left is None else round(seconds_left, 1),
            "host": socket.gethostname(),
            "process": os.getpid(),
            "job": os.environ.get("SLURM_JOB_ID"),
        }
        with suppress(OSError):
            write_json(self._folder / FILE, news)

"""SIGTERM as a wish: whoever is asked to stop may first save what it has."""

import signal
import threading
from typing import Any, Self


class Stopping:
    """A context in which SIGTERM does no more than set ``asked``.

    It does what it always does where it is not meant for this process ``alone``: processes of one run cannot
    each stop after another step. Python takes signals in the main thread only.
    """

    def __init__(self, alone: bool) -> None:
        self.asked = False
        self._active = alone and threading.current_thread() is threading.main_thread()

    def __enter__(self) -> Self:
        if self._active:
            self._before = signal.signal(signal.SIGTERM, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        if self._active:
            signal.signal(signal.SIGTERM, self._before)

    def _ask(self, *_: Any) -> None:
        self.asked = True

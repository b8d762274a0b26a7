"""SIGTERM as a wish: whoever is asked to stop may first save what it has."""

import signal
import threading
from typing import Any, Self


class Stopping:
    """A context in which SIGTERM does no more than set ``asked``; in the main thread, where Python takes signals."""

    def __init__(self) -> None:
        self.asked = False
        self._active = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> Self:
        if self._active:
            self._before = signal.signal(signal.SIGTERM, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        if self._active:
            signal.signal(signal.SIGTERM, self._before)

    def _ask(self, *_: Any) -> None:
        self.asked = True

"""How far a long job is: a bar on a terminal, some ten lines in a log."""

import sys
from typing import Any

from tqdm import tqdm

SPARSE_LINES = 10  # a run, where no terminal shows a bar


def progress(steps: int, done: int, silent: bool = False, unit: str = "step") -> "tqdm[Any]":
    """A bar of ``steps`` steps, ``done`` of them behind it, with thousands as k and so on if ``unit`` is a byte, B.

    Nothing if ``silent``.
    """
    kind = tqdm if sys.stderr.isatty() else _SparseLines
    return kind(
        total=steps,
        initial=done,
        unit=unit,
        unit_scale=unit == "B",
        mininterval=0.2,
        dynamic_ncols=True,
        disable=silent,
    )


class _SparseLines(tqdm):  # type: ignore[type-arg]  # tqdm is generic to type checkers only
    """A progress bar that prints a plain line every tenth of the way."""

    _printed = 0

    def refresh(self, *_: Any, **__: Any) -> None:
        tenth = int(self.n * SPARSE_LINES // (self.total or 1))
        if tenth != self._printed and not self.disable:
            self._printed = tenth
            print(self.format_meter(**{**self.format_dict, "ncols": 0}), file=sys.stderr, flush=True)

    def close(self) -> None:
        self.refresh()
        self.disable = True

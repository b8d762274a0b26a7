"""What commands say and where they write."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from phasemix.base.errors import PhasemixError, one_line


@dataclass(frozen=True)
class Output:
    """What a command found.

    Attributes:
        text: for people; nothing if it is empty.
        record: the same as JSON, with the notes.
    """

    text: str = ""
    record: dict[str, Any] = field(default_factory=dict)


def say(notes: Iterable[str]) -> None:
    """Print notes for people, one line each, to stderr."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def check_out(path: Path, *inputs: str | Path, option: str = "--out") -> None:
    """Refuse a path to write to before the work: one that cannot be written, or that is an input.

    Raises:
        PhasemixError: one line that says why.
    """
    try:
        problem = _problem(path, inputs)
    except (OSError, ValueError) as error:  # a null byte is a ValueError
        problem = f"cannot be written: {getattr(error, 'strerror', None) or one_line(error)}"
    if problem:
        raise PhasemixError(f"{option} {path}: {problem}")


def check_folder(path: Path, option: str = "--out") -> None:
    """Refuse a folder that cannot be made or written to, before the work.

    Raises:
        PhasemixError: one line that says why.
    """
    if path.exists() and not path.is_dir():
        raise PhasemixError(f"{option} {path}: is a file, and a folder is written")
    check_out(path / ".probe", option=option)


def _problem(path: Path, inputs: tuple[str | Path, ...]) -> str | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        return "cannot be written: is a folder"
    if path.exists() and not path.is_file():
        return "cannot be written: is not a regular file"
    if any(path.exists() and Path(one).exists() and path.samefile(one) for one in inputs):
        return "is read from and would be overwritten; name another file"
    probe = path.with_name(f".{path.name}.{os.getpid()}.tmp")  # as the file will be called until it is complete
    probe.touch()
    probe.unlink()
    return None

"""What commands say and where they write."""

import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from phasemix.base.errors import PhasemixError


def say(notes: Iterable[str]) -> None:
    """Print notes for people, one line each, to stderr."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def check_out(path: Path) -> None:
    """Refuse a path that cannot be written, before the work.

    Raises:
        PhasemixError: it cannot be written; the message says why.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a directory")
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, "its folder is not writable")
    except OSError as error:
        raise PhasemixError(f"--out {path}: cannot be written: {error.strerror}") from None

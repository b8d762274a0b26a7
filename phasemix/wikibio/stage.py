"""The files of one stage, each with a record that says what it was made from.

Format of a record, ``<name>.json`` beside ``<name>.parquet`` and written after it: ``stamp`` (what decided the file),
``sha256`` (of the file), and what was counted.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, sha256, write_json
from phasemix.base.schema import PATTERNS, REVISION

TAIL = 2**20  # bytes


def identity(path: Path) -> dict[str, Any]:
    """What tells a large file from others without reading it all: its size, and the SHA-256 of its last 2²⁰ bytes.

    There gzip and bzip2 keep the checksum of all that is before.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL))
        return {"bytes": size, "sha256_of_tail": hashlib.sha256(file.read()).hexdigest()}


def check_pinned(option: str, name: str, what: str, revision: str | None) -> None:
    """Make sure that what is no folder is pinned on the hub: ``option`` names it, and ``what`` it is.

    Raises:
        PhasemixError: its revision is no full commit hash.
    """
    if not re.match(REVISION, revision or ""):
        why = f"there is no such folder, and a {what} of the hub must be pinned"
        raise PhasemixError(f"{option} {name}: {why}: {option}-revision {PATTERNS[REVISION]}")


def record_of(path: Path) -> Path:
    """Where the record of a stage's file or folder stands."""
    return path.with_suffix(".json")


def finished(path: Path, stamp: Mapping[str, Any]) -> bool:
    """Whether a stage's file is there, made from what ``stamp`` says.

    Raises:
        PhasemixError: it was made from something else.
    """
    if not record_of(path).exists() or not path.exists():
        return False
    check_stamp(record_of(path), stamp)
    return True


def check_stamp(record: Path, stamp: Mapping[str, Any]) -> None:
    """Make sure that what a record tells of was made from what ``stamp`` says.

    Raises:
        PhasemixError: it was not; the first difference is named.
    """
    old = read_json(record)["stamp"]
    for key in [*stamp, *old]:
        if old.get(key) != stamp.get(key):
            raise PhasemixError(
                f"{record}: was made with another {key} ({_short(old.get(key))}, and not {_short(stamp.get(key))});"
                " name another --work, or remove it to make all that follows anew"
            )


def write_record(path: Path, stamp: Mapping[str, Any], **counted: Any) -> None:
    """Say that a stage's file is complete."""
    write_json(record_of(path), {"stamp": stamp, "sha256": sha256(path), **counted})


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"

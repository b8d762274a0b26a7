"""Files that appear complete or not at all, and their checksums."""

import csv
import fcntl
import glob
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the imports take half a second
    import numpy as np
    import pandas as pd

from phasemix.base.errors import PhasemixError

TEXT_FILES = {".txt": "text", ".jsonl": "json", ".jsonl.zst": "json", ".parquet": "parquet"}
"""Endings of the text files that users may bring, and which reader of ``datasets`` reads them."""

UNFINISHED = "unfinished"  # a folder of what the next try need not make again


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary sibling of ``path``, renamed to ``path`` when the block succeeds.

    The block may create a file or a folder there. When it raises, nothing is left behind and
    an older ``path`` stays as it was.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    _remove(temporary)
    try:
        yield temporary
        if temporary.is_dir() and path.exists():
            _remove(path)
        temporary.replace(path)
    finally:
        _remove(temporary)


@contextmanager
def locked(path: str | Path, taken: str) -> Iterator[None]:
    """Hold the lock of the operating system on a file, which is made if need be and stays.

    Raises:
        PhasemixError: another process holds it, which ``taken`` says; or the file system has no locks.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PhasemixError(f"{taken}; wait for it, or stop it") from error
        except OSError as error:
            raise PhasemixError(
                f"{path}: cannot be locked ({error.strerror}); mount its file system with locks (flock)"
            ) from error
        yield


@contextmanager
def resumable(out: str | Path, stamp: Mapping[str, Any]) -> Iterator[Path]:
    """Yield a folder beside ``out`` that becomes ``out`` when the block succeeds, with its checksums, if it has them.

    When the block fails, or is killed, the folder stays, so that the next try finds in it what is finished; unless its
    ``stamp``, which holds all that decides the content, is another. The stamp stands beside it, ``.<name>.stamp.json``.
    What the folder holds in ``unfinished/`` is for the next try alone.

    Raises:
        PhasemixError: another process is at it.
    """
    out = Path(out)
    folder, written, rest = (out.with_name(f".{out.name}.{end}") for end in (UNFINISHED, "stamp.json", "rest"))
    content = json.dumps(stamp, indent=2) + "\n"
    with locked(out.with_name(f".{out.name}.lock"), f"{out}: another process is making it"):
        if not (folder.is_dir() and written.exists() and written.read_text(encoding="utf-8") == content):
            _remove(checksums_of(folder))
            _remove(folder)
            write_text(written, content)
        folder.mkdir(exist_ok=True)
        for half_written in folder.rglob(".*.tmp"):  # by a process that was killed
            _remove(half_written)
        yield folder
        # What takes time comes first, and takes nothing that a next try would need.
        _remove(rest)
        if (folder / UNFINISHED).exists():
            (folder / UNFINISHED).replace(rest)
        _remove(out)
        folder.replace(out)
        if checksums_of(folder).exists():
            checksums_of(folder).replace(checksums_of(out))
        written.unlink()
        _remove(rest)


def write_text(path: str | Path, text: str) -> None:
    """Write ``text`` to ``path`` atomically (UTF-8)."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: str | Path, value: Any) -> None:
    """Write ``value`` to ``path`` atomically as indented JSON in the given key order."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def write_csv(path: str | Path, table: "pd.DataFrame") -> None:
    """Write ``table`` to ``path`` atomically, without its index; floats in full."""
    with atomic(path) as temporary:
        table.to_csv(temporary, index=False)


def write_rows(path: str | Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Write ``rows`` with these columns to ``path`` atomically as CSV; floats in full, what a row lacks left empty."""
    with atomic(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_array(path: str | Path, array: "np.ndarray") -> None:
    """Write ``array`` to ``path`` atomically, in NumPy's own format."""
    import numpy as np  # noqa: PLC0415 (a tenth of a second, and few need it)

    with atomic(path) as temporary, temporary.open("wb") as file:
        np.save(file, array)


def write_parquet(path: str | Path, table: "pd.DataFrame") -> None:
    """Write ``table`` to ``path`` atomically, without its index."""
    with atomic(path) as temporary:
        table.to_parquet(temporary, index=False)


def read_json(path: str | Path) -> Any:
    """Read a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def sha256(path: str | Path) -> str:
    """Hex SHA-256 of a file's bytes; of a folder, of the names of its files and the SHA-256 of each, in order."""
    path = Path(path)
    if path.is_dir():
        return sha256_of("".join(f"{file.name} {sha256(file)}\n" for file in sorted(path.iterdir())).encode())
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of(content: bytes) -> str:
    """Hex SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def unchanged(paths: Sequence[str | Path]) -> Iterator[None]:
    """Make sure that nobody writes to files while the block reads them.

    Raises:
        PhasemixError: one was written to, so that what the block made is of neither version.
    """
    before = [file_stamp(path) for path in paths]
    yield
    for path, old in zip(paths, before, strict=True):
        if file_stamp(path) != old:
            raise PhasemixError(f"{path}: was changed while it was read; start again")


def file_stamp(path: str | Path) -> tuple[int, int] | None:
    """A file's size in bytes and when it was last written to, in ns; None if it is not there."""
    try:
        found = Path(path).stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def checksums_of(folder: str | Path) -> Path:
    """The ``<folder>.checksums.json`` that stands beside a stage's folder."""
    folder = Path(folder)
    return folder.with_name(f"{folder.name}.checksums.json")


def write_checksums(path: str | Path, files: list[Path], **facts: Any) -> None:
    """Write a stage's checksums: ``{"files": {name: sha256}, **facts}``.

    It holds nothing that changes between identical runs, so later stages depend on this small
    file (Snakemake compares it by content) and not on the modification time of large data.
    """
    write_json(path, {"files": {file.name: sha256(file) for file in files}, **facts})


def matching_files(patterns: list[str]) -> list[str]:
    """The files that paths or globs name, each pattern's in sorted order."""
    return [path for pattern in patterns for path in sorted(glob.glob(pattern, recursive=True))]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

"""Plain text from the hub or from the user's files, as a stream of documents."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from datasets import load_dataset

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import TEXT_FILES, matching_files
from phasemix.base.files import sha256 as hash_of
from phasemix.base.hub import hub_problem


def hub_texts(
    dataset: str,
    *,
    revision: str,
    megabytes: float,
    name: str | None = None,
    split: str = "train",
    column: str = "text",
    where: Mapping[str, str] | None = None,
    shards: int = 1,
    shard: int = 0,
) -> Iterator[str]:
    """Stream ``megabytes`` (10⁶ bytes of UTF-8) of a Hugging Face dataset's texts, its first ones.

    ``where`` chooses rows, by fields and their values. Of several shards, each holds the first ones of its share of the
    dataset's files, and an equal share of the megabytes.

    Raises:
        PhasemixError: the hub cannot be reached, or has no such dataset, revision or column; the dataset has fewer
            files than shards, or if they are Parquet, fewer groups of rows.
    """
    if problem := hub_problem():
        raise PhasemixError(_unread(dataset, revision, problem))
    read = 0.0
    try:
        rows = load_dataset(dataset, name, split=split, revision=revision, streaming=True)
        rows = rows.reshard() if rows.num_shards < shards else rows  # of Parquet, into groups of rows
        if rows.num_shards < shards:
            raise PhasemixError(f"hub.shards: asks for {shards}, and {dataset!r} has {rows.num_shards}: ask for fewer")
        for row in chosen(rows.shard(shards, shard), where or {}):
            yield row[column]
            read += len(str(row[column] or "").encode(errors="replace")) / 1e6
            if read >= megabytes / shards:
                return
    except KeyError as error:
        raise PhasemixError(f"hub.{_key(error, column)}: {dataset!r} has no column {error}") from error
    except (OSError, ValueError) as error:
        raise PhasemixError(_unread(dataset, revision, one_line(error))) from error


def _unread(dataset: str, revision: str, problem: str) -> str:
    return (
        f"hub.dataset: cannot read {dataset!r} at revision {revision} from the hub ({problem}); check the name and the"
        " network, or name the files of a copy (origin: files)"
    )


def file_texts(
    paths: list[str],
    *,
    column: str = "text",
    where: Mapping[str, str] | None = None,
    sha256: Mapping[str, str] | None = None,
    shards: int = 1,
    shard: int = 0,
) -> Iterator[str]:
    """The documents of the user's files: a .txt file is one, and each row's ``column`` of the others.

    ``paths`` are paths or globs of .txt, .jsonl, .jsonl.zst and .parquet files. ``where`` chooses rows, by fields and
    their values. Files that ``sha256`` names must have the hash that it gives; all of a shard are checked first. Of
    several shards, each holds an equal number of the files, or one less, which follow each other.

    Raises:
        PhasemixError: another ending, an unreadable file, another hash, no such column.
    """
    files = matching_files(paths)
    files = files[len(files) * shard // shards : len(files) * (shard + 1) // shards]
    for path, expected in (sha256 or {}).items():
        if path in files and (found := hash_of(path)) != expected.lower():
            raise PhasemixError(f"files.sha256: {path} has {found}, not {expected}; the file is another one")
    for path in files:
        reader = next((kind for ending, kind in TEXT_FILES.items() if path.endswith(ending)), None)
        if reader is None:
            raise PhasemixError(f"files.paths: {path} is none of {', '.join(TEXT_FILES)}")
        options = {"sample_by": "document"} if reader == "text" else {}
        key = "text" if reader == "text" else column
        try:
            rows = load_dataset(reader, data_files=path, split="train", streaming=True, **options)
            for row in chosen(rows, where or {}):
                yield row[key]
        except KeyError as error:
            raise PhasemixError(f"files.{_key(error, key)}: {path} has no column {error}") from error
        except Exception as error:  # each reader of `datasets` raises its own kinds for broken files
            raise PhasemixError(f"files.paths: cannot read {path} ({one_line(error)})") from error


def chosen(rows: Iterable[Mapping[str, Any]], where: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """The rows whose fields have these values; ``meta.source`` is the field ``source`` of the field ``meta``.

    Raises:
        KeyError: a row has no such field.
    """
    for row in rows:
        if all(_field(row, name) == value for name, value in where.items()):
            yield row


def _field(row: Mapping[str, Any], name: str) -> Any:
    found: Any = row
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise KeyError(name)
        found = found[part]
    return found


def _key(error: KeyError, column: str) -> str:
    """The key of the configuration that names a column which is not there."""
    return "column" if error.args[0] == column else "where"

"""Tables in CSV and Parquet files, as users bring them."""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from phasemix.base.errors import PhasemixError, one_line

TEXT, PARQUET = (".csv", ".tsv"), ".parquet"
SEPARATORS = ",;\t"


class TableError(PhasemixError):
    """A table that breaks the format of runs; the message does not name the file."""


@contextmanager
def naming(path: str | Path) -> Iterator[None]:
    """Name the file in what is said of its table.

    Raises:
        PhasemixError: in place of a :class:`TableError`, with the file before its message.
    """
    try:
        yield
    except TableError as error:
        raise PhasemixError(f"{path}: {error}") from None


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV or Parquet file as it stands, the cells of a CSV file as text.

    Cells may be separated by commas, semicolons or tabs, and the file may begin with a byte-order mark.

    Raises:
        TableError: it is neither, is not there or is damaged.
    """
    kind = path.suffix.lower()
    if kind not in (*TEXT, PARQUET):
        raise TableError(f"is none of {', '.join((*TEXT, PARQUET))}")
    try:
        if kind == PARQUET:
            return pd.read_parquet(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _parse(file.read())
    except FileNotFoundError:
        raise TableError("no such file") from None
    except UnicodeDecodeError:
        raise TableError("is not text in UTF-8; save it as CSV in UTF-8") from None
    except OSError as error:
        raise TableError(f"cannot be read: {error.strerror or one_line(error)}") from None
    except (ValueError, csv.Error) as error:  # pandas' and pyarrow's errors are ValueErrors
        raise TableError(f"cannot be read: {one_line(error)}") from None


def check_filled(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """Make sure that a table has these columns, and rows.

    Raises:
        TableError: the first column that lacks, or that there are no rows.
    """
    lacking = [name for name in columns if name not in table.columns]
    if lacking:
        raise TableError(f"lacks the column {lacking[0]}; there are {', '.join(map(str, table.columns))}")
    if table.empty:
        raise TableError("has no rows")


def read_with(path: str | Path, columns: set[str]) -> pd.DataFrame:
    """Read a file that must have these columns, as :func:`read_table` does.

    Raises:
        PhasemixError: it cannot be read, or lacks one; with the file's name.
    """
    with naming(path):
        found = read_table(Path(path))
        if lost := sorted(columns - set(map(str, found.columns))):
            raise TableError(f"lacks the column {lost[0]}; it has {', '.join(map(str, found.columns))}")
        return found


def _parse(text: str) -> pd.DataFrame:
    """The cells of a CSV file; lines without any are left out."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(first), skipinitialspace=True)
    lines = [(rows.line_num, cells) for cells in rows if any(cell.strip() for cell in cells)]
    if not lines:
        raise TableError("is empty")
    header = [name.strip() for name in lines[0][1]]
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice:
        raise TableError(f"has the column {twice} twice")
    for number, cells in lines:
        if len(cells) != len(header):
            raise TableError(f"line {number} has {_count(cells)}, but the header has {_count(header)}")
    return pd.DataFrame([cells for _, cells in lines[1:]], columns=header)


def _separator(header: str) -> str:
    """The separator that divides the header into most cells; a comma if none does."""
    return max(SEPARATORS, key=lambda one: len(next(csv.reader([header], delimiter=one))))


def _count(cells: list[str]) -> str:
    return "1 cell" if len(cells) == 1 else f"{len(cells)} cells"

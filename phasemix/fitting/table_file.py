"""Tables in CSV and Parquet files, as users bring them."""

import csv
from pathlib import Path

import pandas as pd

from phasemix.base.errors import PhasemixError, one_line


class TableError(PhasemixError):
    """A table that breaks the format of runs; the message does not name the file."""


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV or Parquet file as it stands, the cells of a CSV file as text.

    Raises:
        TableError: it is neither, is not there or is damaged.
    """
    if path.suffix not in (".csv", ".parquet"):
        raise TableError("is neither .csv nor .parquet")
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        with path.open(encoding="utf-8", newline="") as file:
            lines = [(number, line) for number, line in enumerate(csv.reader(file, skipinitialspace=True), 1) if line]
        if not lines:
            raise TableError("is empty")
        header = lines[0][1]
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise TableError(f"has the column {twice[0]} twice")
        for number, line in lines:
            if len(line) != len(header):
                raise TableError(f"line {number} has {len(line)} fields, the header has {len(header)}")
        return pd.DataFrame([line for _, line in lines[1:]], columns=header)
    except FileNotFoundError:
        raise TableError("no such file") from None
    except (OSError, ValueError, csv.Error) as error:  # pandas' and pyarrow's errors are ValueErrors
        raise TableError(f"cannot be read: {one_line(error)}") from None

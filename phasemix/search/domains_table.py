"""A table of domains: what is mixed.

**Format.** CSV or Parquet, one row a domain:

==================== ==================================================================================================
column               content
==================== ==================================================================================================
``domain``           its name, as in ``mix.<domain>`` of a table of runs
``tokens``           (optional) of training text that it has, > 0
any other            (optional) a measure of it, a number: ``shannon``, ``joint``, ``conditional`` and ``von-neumann``
                     entropies in nats, ``utility`` from 0 to 1, ``published`` proportions
==================== ==================================================================================================
"""

from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.fitting.table_file import TableError, naming, read_table
from phasemix.search.problem import Domains


def read_domains(path: Path) -> Domains:
    """Read and check a table of domains.

    Raises:
        PhasemixError: the file cannot be read, or the first thing that breaks the format.
    """
    with naming(path):
        return to_domains(read_table(path))


def to_domains(table: pd.DataFrame) -> Domains:
    """Check a table and make arrays of it.

    Raises:
        TableError: what breaks the format.
    """
    if "domain" not in table:
        raise TableError(f"lacks the column domain; it has {', '.join(map(str, table.columns))}")
    names = tuple(str(name).strip() for name in table["domain"])
    if len(names) < 2:
        raise TableError(f"has {len(names)} domains; a mixture needs two or more")
    if "" in names:
        raise TableError("has a domain without a name")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise TableError(f"names the domain {twice} twice")
    numbers = {str(column): _numbers(table, str(column), names) for column in table.columns if column != "domain"}
    tokens = numbers.pop("tokens", None)
    if tokens is not None and (tokens <= 0).any():
        row = int(np.argmax(tokens <= 0))
        raise TableError(f"domain {names[row]}: tokens = {tokens[row]:g} must be above 0; leave out empty domains")
    return Domains(names, tokens, numbers)


def _numbers(table: pd.DataFrame, column: str, names: tuple[str, ...]) -> np.ndarray:
    """A column as finite numbers, shape (k,)."""
    found = pd.to_numeric(table[column], errors="coerce").to_numpy(float)
    if not np.isfinite(found).all():
        row = int(np.argmin(np.isfinite(found)))
        raise TableError(f"domain {names[row]}: {column} = {table[column].iloc[row]!r} is not a finite number")
    return found

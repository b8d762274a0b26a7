"""A table of training runs: what every mixing law is fitted on.

**Format.** CSV or Parquet, one row a measurement of a run:

========================  =====================================================================
column                    content
========================  =====================================================================
``run``                   the name of the training run
``size`` (optional)       parameters of the model, > 0
``step`` (optional)       training steps or tokens so far, > 0
``mix.<domain>``          proportion of the domain in the training mixture, ≥ 0; two or more columns
``loss.<domain>``         validation loss on a domain, > 0; one or more columns
``facts.<domain>``        (optional) bits of all facts that this domain of the mixture holds, ≥ 0; 0 if it holds none
``recall.<domain>``       (optional) share of questions about them that are answered, 0 to 1; empty where nobody asked
========================  =====================================================================

The proportions of a row sum to 1; within 1 % they are divided by their sum, which the notes say.
A run keeps its mixture at all its steps, and has one row for every size and step. Loss domains may
differ from mixture domains. Other columns are left alone.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.fitting.runs import FACTS, LOSS, MIX, RECALL, Runs
from phasemix.fitting.table_file import TableError, naming, read_table

TOLERANCE = 0.01  # how far from 1 the proportions of a row may sum
ROUNDING = 1e-6  # a sum this close to 1 is renormalised without a word
EXACT = 1e-12  # one this close is left as it is
ROUNDING_NOISE = 1e-9  # negative proportions this small are zeros
LARGEST = 1e100  # powers of larger numbers overflow
MANY = 8  # columns are named up to this number


def read_runs(path: str | Path, *, losses: bool = True) -> Runs:
    """Read and check a table of runs; ``losses=False`` reads mixtures alone, to predict.

    Raises:
        PhasemixError: the file cannot be read, or the first row that breaks the format.
    """
    path = Path(path)
    with naming(path):
        return to_runs(read_table(path), losses=losses)


def to_runs(table: pd.DataFrame, *, losses: bool = True) -> Runs:
    """Check a table and make arrays of it.

    Raises:
        TableError: the first row that breaks the format, or the column that lacks.
    """
    columns = [str(name) for name in table.columns]
    domains, targets = _named(columns, MIX), _named(columns, LOSS)
    if not columns:
        raise TableError("has no columns")
    if "run" not in columns:
        raise TableError(f"lacks the column run; it has {', '.join(columns[:MANY])}{' …' * (len(columns) > MANY)}")
    if len(domains) < 2:
        raise TableError(f"needs two or more columns {MIX}<domain>, has {len(domains)}")
    if losses and not targets:
        raise TableError(f"needs a column {LOSS}<domain>")
    if table.empty:
        raise TableError("has no rows")
    names = table["run"].astype(str).to_numpy(dtype=object)
    _refuse_first(pd.isna(table["run"]).to_numpy() | (names == ""), names, "has no name in column run")
    mixture = _numbers(table, names, [f"{MIX}{name}" for name in domains], least=0.0)
    mixture, notes = _normalised(mixture, names)
    loss = (
        _numbers(table, names, [f"{LOSS}{name}" for name in targets], above=0.0)
        if losses
        else np.empty((len(table), 0))
    )
    axes = {
        axis: _numbers(table, names, [axis], above=0.0)[:, 0] if axis in columns else None for axis in ("size", "step")
    }
    facts, recall = _facts(table, names, domains, losses=losses)
    runs = Runs(
        names, domains, mixture, targets if losses else (), loss, **axes, facts=facts, recall=recall, notes=notes
    )
    if losses:
        _refuse_doubles(runs)
    return runs


def _facts(
    table: pd.DataFrame, names: np.ndarray, domains: tuple[str, ...], *, losses: bool
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Bits of every mixture domain's facts, and what is recalled, shapes (rows, m); None without such columns."""
    columns = [str(name) for name in table.columns]
    found: dict[str, np.ndarray] = {}
    for prefix, empty in ((FACTS, 0.0), (RECALL, np.nan)):
        named = _named(columns, prefix)
        if lost := [name for name in named if name not in domains]:
            raise TableError(f"has a column {prefix}{lost[0]}, but no column {MIX}{lost[0]}")
        if not named or (prefix == RECALL and not losses):
            continue
        values = np.full((len(table), len(domains)), empty)
        for name in named:
            column = f"{prefix}{name}"
            asked = ~_empty(table[column]) if prefix == RECALL else np.ones(len(table), bool)
            numbers = _numbers(table.assign(**{column: table[column].where(asked, 0.0)}), names, [column], least=0.0)
            values[:, domains.index(name)] = np.where(asked, numbers[:, 0], empty)
        found[prefix] = values
    if RECALL in found:
        if FACTS not in found:
            raise TableError(f"has recall accuracies; it needs the bits of the facts, {FACTS}<domain>, as well")
        _refuse_first(np.any(found[RECALL] > 1, axis=1), names, f"has a {RECALL}<domain> above 1; it is a share")
    return found.get(FACTS), found.get(RECALL)


def _empty(column: pd.Series) -> np.ndarray:
    """Which cells hold nothing, as Parquet and, by empty text, CSV have it."""
    return np.asarray(column.isna() | column.map(lambda cell: isinstance(cell, str) and not cell.strip()))


def _named(columns: list[str], prefix: str) -> tuple[str, ...]:
    found = tuple(name.removeprefix(prefix) for name in columns if name.startswith(prefix))
    if "" in found:
        raise TableError(f"has a column {prefix} without a domain's name")
    return found


def _numbers(
    table: pd.DataFrame, names: np.ndarray, columns: list[str], *, least: float = -np.inf, above: float = -np.inf
) -> np.ndarray:
    """The columns as finite numbers, shape (rows, columns)."""
    values = np.empty((len(table), len(columns)))
    for i, column in enumerate(columns):
        found = _as_numbers(table[column])
        if not np.isfinite(found).all():
            row = int(np.argmin(np.isfinite(found)))
            cell = table[column].iloc[row]
            comma = isinstance(cell, str) and re.fullmatch(r"\s*-?\d*,\d+\s*", cell)
            problem = "has a decimal comma; write a point" if comma else "is not a finite number"
            raise TableError(f"{_row(row, names)}: {column} = {_shown(cell)} {problem}")
        found = np.where((found < 0) & (found > -ROUNDING_NOISE), 0.0, found) if column.startswith(MIX) else found
        bad = (found < least) | (found <= above)
        if bad.any():
            row = int(np.argmax(bad))
            wanted = f"at least {least:g}" if np.isfinite(least) else f"above {above:g}"
            raise TableError(f"{_row(row, names)}: {column} = {found[row]:g} must be {wanted}")
        values[:, i] = found
    return values


def _as_numbers(column: pd.Series) -> np.ndarray:
    """A column as floats, not a number where it holds anything else, booleans and dates too."""
    if column.dtype.kind in "bmM":
        return np.full(len(column), np.nan)
    boolean = column.map(lambda value: isinstance(value, (bool, np.bool_))).to_numpy(bool)
    found = pd.to_numeric(column.mask(boolean), errors="coerce").to_numpy(float, na_value=np.nan)
    return np.where((np.abs(found) > LARGEST), np.nan, found)


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)


def _normalised(mixture: np.ndarray, names: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    sums = mixture.sum(axis=1)
    off = np.abs(sums - 1) > TOLERANCE
    if off.any():
        row = int(np.argmax(off))
        more = f" ({off.sum()} such rows)" if off.sum() > 1 else ""
        raise TableError(f"{_row(row, names)}: the proportions sum to {sums[row]:.4g}, not to 1{more}")
    renormalised = np.abs(sums - 1) > ROUNDING
    note = f"renormalised {renormalised.sum()} of {len(sums)} rows, whose proportions sum to"
    notes = (f"{note} {sums.min():.4g}–{sums.max():.4g}",) if renormalised.any() else ()
    return mixture / np.where(np.abs(sums - 1) > EXACT, sums, 1.0)[:, None], notes


def _refuse_doubles(runs: Runs) -> None:
    """Refuse two rows of one run at one size and step, and a run that changes its mixture."""
    table = pd.DataFrame({"number": runs.run_numbers, "step": runs.scales[:, 1], "mixture": runs.mixture_numbers})
    twice = table.duplicated(["number", "step"]).to_numpy()
    if twice.any():
        row = int(np.argmax(twice))
        key = table.loc[row, ["number", "step"]]
        first = int(np.argmax((table[["number", "step"]] == key).all(axis=1)))
        raise TableError(f"{_row(row, runs.run)} repeats row {first + 1}: a run has one row for each size and step")
    first_mixture = table.groupby("number")["mixture"].transform("first")
    _refuse_first(
        (table["mixture"] != first_mixture).to_numpy(), runs.run, "has another mixture than the run's first row"
    )


def _refuse_first(bad: np.ndarray, names: np.ndarray, problem: str) -> None:
    if bad.any():
        raise TableError(f"{_row(int(np.argmax(bad)), names)} {problem}")


def _row(row: int, names: np.ndarray) -> str:
    return f"row {row + 1} (run {names[row]})"

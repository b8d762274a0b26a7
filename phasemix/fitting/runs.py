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
========================  =====================================================================

The proportions of a row sum to 1; within 1 % they are divided by their sum, which the notes say.
A run keeps its mixture at all its steps, and has one row for every size and step. Loss domains may
differ from mixture domains. Other columns are left alone.
"""

import csv
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError, one_line

MIX, LOSS = "mix.", "loss."
TOLERANCE = 0.01  # how far from 1 the proportions of a row may sum
ROUNDING = 1e-6  # a sum this close to 1 is renormalised without a word
EXACT = 1e-12  # one this close is left as it is
ROUNDING_NOISE = 1e-9  # negative proportions this small are zeros
LARGEST = 1e100  # powers of larger numbers overflow


@dataclass(frozen=True)
class Runs:
    """Training runs as arrays: ``n`` rows, ``m`` mixture domains, ``k`` loss domains.

    Attributes:
        run: names, shape (n,).
        domains: the m mixture domains.
        mixture: proportions, shape (n, m), rows sum to 1.
        targets: the k loss domains.
        loss: shape (n, k).
        size: parameters, shape (n,), or None.
        step: steps or tokens, shape (n,), or None.
        notes: what reading the table changed or left out, for people.
    """

    run: np.ndarray
    domains: tuple[str, ...]
    mixture: np.ndarray
    targets: tuple[str, ...]
    loss: np.ndarray
    size: np.ndarray | None = None
    step: np.ndarray | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __len__(self) -> int:
        return len(self.run)

    def rows(self, index: np.ndarray) -> "Runs":
        """The rows of an index or mask."""
        return replace(
            self,
            run=self.run[index],
            mixture=self.mixture[index],
            loss=self.loss[index],
            size=None if self.size is None else self.size[index],
            step=None if self.step is None else self.step[index],
        )

    def of_targets(self, targets: tuple[str, ...]) -> "Runs":
        """The same rows with these loss domains only."""
        columns = [self.targets.index(target) for target in targets]
        return replace(self, targets=targets, loss=self.loss[:, columns])

    def own(self, targets: tuple[str, ...]) -> np.ndarray:
        """The targets' own proportions, shape (targets, n)."""
        return self.mixture[:, [self.domains.index(target) for target in targets]].T

    @cached_property
    def series(self) -> np.ndarray:
        """Which training run (a name at one size) each row belongs to, numbered from 0; shape (n,)."""
        size = np.zeros(len(self)) if self.size is None else self.size
        return pd.MultiIndex.from_arrays([self.run, size]).factorize()[0]

    @cached_property
    def mixtures(self) -> np.ndarray:
        """Which distinct mixture each row has, numbered from 0 in order of appearance; shape (n,)."""
        rounded = pd.MultiIndex.from_arrays(list(np.round(self.mixture, 6).T))
        return rounded.factorize()[0]

    @cached_property
    def scales(self) -> np.ndarray:
        """Size and step of every row, shape (n, 2); 0 where the table has no such column."""
        nothing = np.zeros(len(self))
        return np.stack([nothing if axis is None else axis for axis in (self.size, self.step)], axis=1)

    def varies(self, axis: str) -> bool:
        """Whether ``size`` or ``step`` takes more than one value."""
        values = getattr(self, axis)
        return values is not None and len(np.unique(values)) > 1

    def aligned(self, domains: tuple[str, ...]) -> "Runs":
        """The same rows with their mixture columns in the order of ``domains``.

        Raises:
            PhasemixError: the mixture domains are not the same.
        """
        if set(domains) != set(self.domains):
            missing = [f"{MIX}{name}" for name in domains if name not in self.domains]
            unknown = [f"{MIX}{name}" for name in self.domains if name not in domains]
            problem = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(unknown)}, unknown to the law"
            raise PhasemixError(f"the table of runs {problem}; the law was fitted on {', '.join(domains)}")
        return replace(self, domains=domains, mixture=self.mixture[:, [self.domains.index(name) for name in domains]])


def read_runs(path: str | Path, *, losses: bool = True) -> Runs:
    """Read and check a table of runs; ``losses=False`` reads mixtures alone, to predict.

    Raises:
        PhasemixError: the file cannot be read, or the first row that breaks the format.
    """
    path = Path(path)
    try:
        return to_runs(read_table(path), losses=losses)
    except TableError as error:
        raise PhasemixError(f"{path}: {error}") from None


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


def to_runs(table: pd.DataFrame, *, losses: bool = True) -> Runs:
    """Check a table and make arrays of it.

    Raises:
        TableError: the first row that breaks the format, or the column that lacks.
    """
    columns = [str(name) for name in table.columns]
    domains, targets = _named(columns, MIX), _named(columns, LOSS)
    if "run" not in columns:
        raise TableError("lacks the column run")
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
    runs = Runs(names, domains, mixture, targets if losses else (), loss, **axes, notes=notes)
    if losses:
        _refuse_doubles(runs)
    return runs


def columns(runs: Runs) -> dict[str, list[Any]]:
    """The table that :func:`to_runs` reads, by column."""
    found: dict[str, list[Any]] = {"run": [str(name) for name in runs.run]}
    found |= {axis: getattr(runs, axis).tolist() for axis in ("size", "step") if getattr(runs, axis) is not None}
    found |= {f"{MIX}{name}": runs.mixture[:, i].tolist() for i, name in enumerate(runs.domains)}
    return found | {f"{LOSS}{name}": runs.loss[:, i].tolist() for i, name in enumerate(runs.targets)}


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
            raise TableError(f"{_row(row, names)}: {column} = {_shown(table[column].iloc[row])} is not a finite number")
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
    table = pd.DataFrame({"series": runs.series, "step": runs.scales[:, 1], "mixture": runs.mixtures})
    twice = table.duplicated(["series", "step"]).to_numpy()
    if twice.any():
        row = int(np.argmax(twice))
        key = table.loc[row, ["series", "step"]]
        first = int(np.argmax((table[["series", "step"]] == key).all(axis=1)))
        raise TableError(f"{_row(row, runs.run)} repeats row {first + 1}: a run has one row for each size and step")
    first_mixture = table.groupby("series")["mixture"].transform("first")
    _refuse_first(
        (table["mixture"] != first_mixture).to_numpy(), runs.run, "has another mixture than the run's first row"
    )


def _refuse_first(bad: np.ndarray, names: np.ndarray, problem: str) -> None:
    if bad.any():
        raise TableError(f"{_row(int(np.argmax(bad)), names)} {problem}")


def _row(row: int, names: np.ndarray) -> str:
    return f"row {row + 1} (run {names[row]})"

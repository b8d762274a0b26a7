"""Laws side by side: fitted on some runs, asked about others."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from phasemix.base.seeds import generator
from phasemix.fitting.law import InapplicableError, Law, LawError
from phasemix.fitting.runs import Runs

Holdout = Literal["mixtures", "steps", "size"]
HOLDOUTS: tuple[Holdout, ...] = get_args(Holdout)
COLUMNS = ["law", "domain", "mean_relative_error", "r2_log", "spearman", "n_parameters", "n_train", "n_test", "seconds"]

Split = tuple[Runs, Runs]
"""Runs to fit on, runs to predict."""


@dataclass(frozen=True)
class Comparison:
    """What laws predicted.

    Attributes:
        table: a row a law and loss domain, columns ``COLUMNS``. Errors are fractions; ``r2_log`` is
            R² of the logarithms of the losses; over several splits the three are taken over all
            their test rows together, ``n_parameters`` and ``n_train`` are means. ``seconds`` is the
            time a law took to fit and predict, shared equally by its domains. Where a number does not
            exist (the rank correlation of constants) it is missing.
        notes: which laws and domains were left out, and why.
    """

    table: pd.DataFrame
    notes: list[str]

    @property
    def summary(self) -> pd.DataFrame:
        """A row a law: means over its domains, seconds in all; least error first."""
        mean = dict.fromkeys(("mean_relative_error", "r2_log", "spearman"), "mean")
        grouped = self.table.groupby("law").agg({"domain": "count", **mean, "seconds": "sum"})
        return grouped.rename(columns={"domain": "domains"}).sort_values("mean_relative_error").reset_index()


def hold_out(runs: Runs, holdout: Holdout, fraction: float, seed: int) -> Split:
    """Split runs in two.

    ``mixtures``: a fraction of the distinct mixtures, at all their sizes and steps; ``steps``: the
    last fraction of the steps of every run with more than one; ``size``: the largest size.

    Raises:
        LawError: nothing would be left on one side.
    """
    if holdout == "mixtures":
        count = runs.mixtures.max() + 1
        if count < 2:
            raise LawError("--holdout mixtures needs at least 2 different mixtures; the runs have one")
        order = generator(seed, "held-out mixtures").permutation(count)
        test = np.isin(runs.mixtures, order[: min(count - 1, max(1, round(fraction * count)))])
    elif holdout == "steps":
        if runs.step is None:
            raise LawError("--holdout steps needs a column step")
        test = np.zeros(len(runs), bool)
        for number in range(runs.series.max() + 1):
            rows = np.flatnonzero(runs.series == number)
            rows = rows[np.argsort(runs.step[rows])]
            if len(rows) > 1:
                test[rows[-min(len(rows) - 1, max(1, round(fraction * len(rows)))) :]] = True
        if not test.any():
            raise LawError("--holdout steps needs runs with more than one step; there are none")
    else:
        if not runs.varies("size") or runs.size is None:
            raise LawError("--holdout size needs a column size with more than one value")
        test = runs.size == runs.size.max()
    return runs.rows(~test), runs.rows(test)


def folds(runs: Runs, count: int, seed: int) -> Iterator[Split]:
    """Cross-validation by whole mixtures: every mixture is held out once.

    Raises:
        LawError: there are fewer mixtures than folds.
    """
    mixtures = runs.mixtures.max() + 1
    if not 2 <= count <= mixtures:
        raise LawError(f"folds must be from 2 to {mixtures}, the number of different mixtures, not {count}")
    order = generator(seed, "folds of mixtures").permutation(mixtures)
    for fold in range(count):
        test = np.isin(runs.mixtures, order[fold::count])
        yield runs.rows(~test), runs.rows(test)


def compare(splits: Iterable[Split], laws: Iterable[Law], seed: int = 0) -> Comparison:
    """Fit every law on the first of every split, predict the second.

    Raises:
        LawError: no law can be fitted on these runs.
    """
    splits = list(splits)
    tables, notes = [], []
    for law in laws:
        try:
            found, skipped = _scores(law, splits, seed)
        except LawError as error:
            notes.append(f"left out: {error}")
            continue
        except np.linalg.LinAlgError as error:
            notes.append(f"left out: {law.name} fails on these numbers ({error})")
            continue
        tables.append(found)
        notes += [f"{law.name} leaves out {name}: {reason}" for name, reason in skipped.items()]
    if not tables:
        raise LawError("no law can be compared on these runs: " + "; ".join(notes))
    return Comparison(pd.concat(tables, ignore_index=True)[COLUMNS], notes)


def _scores(law: Law, splits: list[Split], seed: int) -> tuple[pd.DataFrame, dict[str, str]]:
    began = time.perf_counter()
    parts: list[pd.DataFrame] = []
    skipped: dict[str, str] = {}
    for train, test in splits:
        fit = law.fit(train, seed)
        counts = dict(zip(fit.targets, fit.parameter_counts(), strict=True))
        part = pd.DataFrame(fit.predict(test), columns=list(fit.targets)).melt(
            var_name="domain", value_name="predicted"
        )
        part["loss"] = test.of_targets(fit.targets).loss.T.ravel()
        part["n_parameters"], part["n_train"] = part["domain"].map(counts), len(train)
        parts.append(part)
        skipped |= fit.skipped
    seconds = time.perf_counter() - began
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[~rows["domain"].isin(list(skipped))]
    silent = int(rows["predicted"].isna().sum())
    if silent:
        skipped["rows"] = f"it says nothing of {silent} of {len(rows)} losses"
    rows = rows.dropna(subset="predicted")
    if rows.empty:
        raise InapplicableError(law.name, "can be fitted on no loss domain in every fold")
    table = pd.DataFrame(
        {"law": law.name, "domain": domain, **scores(part["predicted"].to_numpy(), part["loss"].to_numpy())}
        | {name: part[name].mean() for name in ("n_parameters", "n_train")}
        | {"n_test": len(part)}
        for domain, part in rows.groupby("domain", sort=False)
    )
    table["seconds"] = seconds / len(table)
    return table.astype({"n_parameters": "int64", "n_train": "int64"}), skipped


def scores(predicted: np.ndarray, loss: np.ndarray) -> dict[str, float]:
    """Mean relative error, R² on the log scale and Spearman's rank correlation of predictions, shapes (n,)."""
    with np.errstate(all="ignore"):
        error = np.abs(predicted / loss - 1).mean()
        left = np.square(np.log(predicted) - np.log(loss)).sum()
        total = np.square(np.log(loss) - np.log(loss).mean()).sum()
    constant = np.ptp(predicted) == 0 or np.ptp(loss) == 0
    rank = np.nan if len(loss) < 2 or constant else float(spearmanr(predicted, loss).statistic)
    return {
        "mean_relative_error": float(error),
        "r2_log": float(1 - left / total) if total > 0 else np.nan,
        "spearman": rank,
    }

"""Laws side by side: fitted on some runs, asked about others."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from phasemix.fitting.law import InapplicableError, Law, LawError
from phasemix.fitting.noise import noise_of
from phasemix.fitting.scores import scores
from phasemix.fitting.splits import Split, together

COLUMNS = [
    "law", "domain", "mean_relative_error", "noise_multiple", "r2_log", "spearman", "n_parameters", "n_train", "n_test",
    "seconds",
]  # fmt: skip
ERRORS = ["law", "split", "run", "domain", "relative_error"]


@dataclass(frozen=True)
class Comparison:
    """What laws predicted.

    Attributes:
        table: one row per law and loss domain, columns ``COLUMNS``. Errors are fractions;
            ``noise_multiple`` is the error in units of what the noise of a run would give alone, missing where no runs
            repeat a mixture (:mod:`phasemix.fitting.noise`), and where laws have seen other steps of the same runs;
            ``r2_log`` is R² of the logarithms of the losses; over several splits the three are taken over all
            their test rows together, ``n_parameters`` and ``n_train`` are means. ``seconds`` is the
            time a law took to fit and predict, shared equally by its domains. Where a number does not
            exist (the rank correlation of constants) it is missing.
        notes: which laws and domains were left out, and why.
        errors: one row per law, split (from 0), run that was asked about and loss domain, columns ``ERRORS``: the mean
            over the rows of that run.
    """

    table: pd.DataFrame
    notes: list[str]
    errors: pd.DataFrame

    @property
    def summary(self) -> pd.DataFrame:
        """One row per law: :func:`summary_of` the table."""
        return summary_of(self.table)


def summary_of(table: pd.DataFrame) -> pd.DataFrame:
    """One row per law: means over its domains, losses that it predicted and seconds in all; least error first."""
    means = ("mean_relative_error", "noise_multiple", "r2_log", "spearman", "n_parameters")
    how = {"domain": "count"} | dict.fromkeys(means, "mean") | dict.fromkeys(("n_test", "seconds"), "sum")
    grouped = table.reindex(columns=COLUMNS).groupby("law").agg(how)
    return grouped.rename(columns={"domain": "domains"}).sort_values("mean_relative_error").reset_index()


def compare(splits: Iterable[Split], laws: Iterable[Law], seed: int = 0) -> Comparison:
    """Fit every law on the first of every split, predict the second.

    Raises:
        LawError: no law can be fitted on these runs.
    """
    splits = list(splits)
    tables, errors, notes = [], [], []
    noise = noise_of(together(*splits[0]))
    unseen = not any(np.isin(test.run, train.run).any() for train, test in splits)
    one = np.full(len(noise.relative), 1.0 if unseen else np.nan)
    multiples = dict(zip(splits[0][0].targets, noise.multiples(one), strict=True))
    for law in laws:
        try:
            found, of_runs, skipped = _scores(law, splits, seed)
        except LawError as error:
            notes.append(f"left out: {error}")
            continue
        except np.linalg.LinAlgError as error:
            notes.append(f"left out: {law.name} fails on these numbers ({error})")
            continue
        tables.append(found)
        errors.append(of_runs)
        notes += [f"{law.name} leaves out {name}: {reason}" for name, reason in skipped.items()]
    if not tables:
        raise LawError("no law can be compared on these runs: " + "; ".join(notes))
    table = pd.concat(tables, ignore_index=True)
    table["noise_multiple"] = table["mean_relative_error"] * table["domain"].map(multiples)
    if noise.freedom:
        told = f"{100 * noise.relative.min():.2g} to {100 * noise.relative.max():.2g} %"
        notes.append(f"{noise.freedom} runs repeat a mixture: single runs scatter by {told} around their mean")
    return Comparison(table[COLUMNS], notes, pd.concat(errors, ignore_index=True))


def _scores(law: Law, splits: list[Split], seed: int) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """What one law answered: its rows of the table and of the errors, and why domains are missing."""
    began = time.perf_counter()
    parts: list[pd.DataFrame] = []
    skipped: dict[str, str] = {}
    for split, (train, test) in enumerate(splits):
        fit = law.fit(train, seed)
        counts = dict(zip(fit.targets, fit.parameter_counts(), strict=True))
        part = pd.DataFrame(fit.predict(test), columns=list(fit.targets)).melt(
            var_name="domain", value_name="predicted"
        )
        part["loss"] = test.of_targets(fit.targets).loss.T.ravel()
        part["split"], part["run"] = split, np.tile(test.run, len(fit.targets))
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
    rows = rows.assign(law=law.name, relative_error=(rows["predicted"] / rows["loss"] - 1).abs())
    errors = rows.groupby(ERRORS[:-1], sort=False)["relative_error"].mean().reset_index()
    return table.astype({"n_parameters": "int64", "n_train": "int64"}), errors, skipped

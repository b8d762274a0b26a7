"""The tables of a contest of mixers, from the generic ones and what contestants have chosen.

- ``contest.csv``: a row per model of the target's size that did not diverge: ``contestant``, ``budget`` (``free``: all
  tokens; ``charged``: those that its search has left), ``seed``, ``tokens``, ``loss`` (mean over domains, in nats),
  ``worst`` (the greatest excess of a domain's loss over the baseline's, of the same budget's mean over seeds),
  ``to_baseline`` (tokens after which the mean loss on the way is that of the baseline's end, with the same seed;
  missing if never), ``recall`` of facts and ``cloze``, the mean accuracy on held-out words of the domains of text (both
  missing without), and ``loss.<domain>``;
- ``means.csv``: a row per contestant and budget: ``seeds``, ``tokens``, ``search`` (what it cost, as a share of the
  target's tokens); means with intervals (``…_low``, ``…_high``) of ``loss``, ``recall``, ``cloze``, and ``gain`` (by
  how much its loss lies below the baseline's with all tokens); ``worst``, ``to_baseline`` (missing unless all seeds
  reach it), ``rank`` by loss within the budget, and ``rank_best`` and ``rank_worst``, between which intervals leave it.
  The noise between seeds is pooled over all contestants (:func:`phasemix.analysis.seed_intervals.pooled_noise`);
- ``choices.csv``: a row per contestant, phase and domain: ``until`` (a share of the run), ``proportion``, ``read`` (of
  all tokens, by the target's models, also where they were steered) and ``epochs``;
- ``predicted.csv``: a row per contestant and domain whose loss it predicted: ``predicted``, ``trained``, and how far
  each lies below that of equal proportions, ``predicted_gain`` and ``trained_gain`` (missing where nobody has these).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.analysis.seed_intervals import columns, pooled_difference, pooled_mean, pooled_noise
from phasemix.base.files import read_json, write_csv
from phasemix.experiments.mixers.spec import FREE

TABLES = ("contest", "means", "choices", "predicted", "domains")


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    contest: pd.DataFrame
    means: pd.DataFrame
    choices: pd.DataFrame
    predicted: pd.DataFrame
    domains: pd.DataFrame

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        return cls(**{name: pd.read_csv(folder / f"{name}.csv") for name in TABLES})

    def of_budget(self, budget: str) -> pd.DataFrame:
        """Means of a budget, the best contestant first."""
        return self.means[self.means["budget"] == budget].sort_values("loss", ignore_index=True)


def gather(folder: Path, choices: Mapping[str, Path], options: Mapping[str, Any]) -> None:
    """Write the tables above into ``folder``, which holds the generic ones and ``domains.csv``.

    Args:
        folder: of the experiment's tables.
        choices: the file of every contestant's choice.
        options: of the experiment.
    """
    cells = pd.read_csv(folder / "cells.csv")
    curves = pd.read_csv(folder / "curves.csv")
    domains = pd.read_csv(folder / "domains.csv")
    chosen = {name: read_json(path) for name, path in choices.items()}
    targets = cells[cells["contestant"].notna() & ~cells["diverged"]]
    contest = contest_table(targets, curves, options)
    write_csv(folder / "contest.csv", contest)
    write_csv(folder / "means.csv", means_table(contest, options))
    write_csv(folder / "choices.csv", choices_table(chosen, targets, domains, options))
    write_csv(folder / "predicted.csv", predicted_table(chosen, contest))


def contest_table(targets: pd.DataFrame, curves: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    """``contest.csv``, from the generic table of cells and that of curves."""
    losses = [f"loss.{domain}" for domain in options["domains"]]
    own = targets[targets["contestant"] == options["baseline"]]
    ends = own[own["budget"] == FREE].set_index("seed")[losses]
    facts = [name for name in map(str, targets) if name.startswith("accuracy.") and name.count(".") == 1]
    words = [name for name in map(str, targets) if name.startswith("cloze.")]
    rows = []
    for cell in targets.to_dict("records"):
        baseline = own.loc[own["budget"] == cell["budget"], losses].mean()
        baseline = ends.mean() if baseline.isna().all() else baseline
        here = curves[(curves[["contestant", "budget", "seed"]] == [cell[name] for name in AXES]).all(axis=1)]
        end = ends.loc[cell["seed"]].mean() if cell["seed"] in ends.index else np.nan
        reached = here.loc[here[losses].mean(axis=1) <= end, "tokens"]
        rows.append(
            {
                **{name: cell[name] for name in (*AXES, "tokens")},
                "loss": np.mean([cell[name] for name in losses]),
                "worst": max(cell[name] - baseline[name] for name in losses),
                "to_baseline": reached.min() if len(reached) else np.nan,
                "recall": np.mean([cell[name] for name in facts]) if facts else np.nan,
                "cloze": np.mean([cell[name] for name in words]) if words else np.nan,
                **{name: cell[name] for name in losses},
            }
        )
    return pd.DataFrame(rows)


AXES = ("contestant", "budget", "seed")


def means_table(contest: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    """``means.csv``, of ``contest.csv``."""
    confidence = options["confidence"]
    parts = dict(iter(contest.groupby(["contestant", "budget"], sort=False)))
    noise = {name: pooled_noise([part[name].dropna().to_numpy() for part in parts.values()]) for name in MEASURED}
    plain = parts[options["baseline"], FREE]["loss"].to_numpy()
    rows: list[dict[str, Any]] = []
    for (contestant, budget), part in parts.items():
        gain = pooled_difference(part["loss"].to_numpy(), plain, noise["loss"], confidence)
        baseline = contestant == options["baseline"] and budget == FREE
        rows.append(
            {
                "contestant": contestant,
                "budget": budget,
                "seeds": len(part),
                "tokens": part["tokens"].mean(),
                "search": options["search_tokens"][contestant] / options["target_tokens"],
                **columns("loss", pooled_mean(part["loss"].to_numpy(), noise["loss"], confidence)),
                **columns("recall", pooled_mean(part["recall"].to_numpy(), noise["recall"], confidence)),
                **columns("cloze", pooled_mean(part["cloze"].to_numpy(), noise["cloze"], confidence)),
                **columns("gain", (np.nan,) * 3 if baseline else gain),
                "worst": part["worst"].mean(),
                "to_baseline": part["to_baseline"].mean(skipna=False),
            }
        )
    return pd.concat([_ranked(part) for _, part in pd.DataFrame(rows).groupby("budget", sort=False)], ignore_index=True)


MEASURED = ("loss", "recall", "cloze")


def _ranked(part: pd.DataFrame) -> pd.DataFrame:
    """With ranks by loss, and between which the intervals of the losses leave them."""
    low, high = part["loss_low"].to_numpy(), part["loss_high"].to_numpy()
    better = (high[None, :] < low[:, None]).sum(axis=1)
    worse = (low[None, :] > high[:, None]).sum(axis=1)
    return part.assign(
        rank=part["loss"].rank(method="min").astype(int), rank_best=better + 1, rank_worst=len(part) - worse
    )


def choices_table(
    chosen: Mapping[str, Mapping[str, Any]], targets: pd.DataFrame, domains: pd.DataFrame, options: Mapping[str, Any]
) -> pd.DataFrame:
    """``choices.csv``."""
    held = domains.set_index("domain")["tokens"]
    rows = []
    for contestant, choice in chosen.items():
        mine = targets[(targets["contestant"] == contestant) & (targets["budget"] == FREE)]
        for phase in choice["phases"]:
            for domain in options["domains"]:
                read = mine[f"mix.{domain}"].mean()
                rows.append(
                    {
                        "contestant": contestant,
                        "until": phase["until"] / options["target_tokens"],
                        "domain": domain,
                        "proportion": phase["proportions"][domain],
                        "read": read,
                        "epochs": read * options["target_tokens"] / held[domain],
                    }
                )
    return pd.DataFrame(rows)


def predicted_table(chosen: Mapping[str, Mapping[str, Any]], contest: pd.DataFrame) -> pd.DataFrame:
    """``predicted.csv``."""
    rows = []
    free = contest[contest["budget"] == FREE]
    equal = free[free["contestant"] == EQUAL]
    for contestant, choice in chosen.items():
        mine = free[free["contestant"] == contestant]
        for domain, loss in choice["predicted"].items():
            name = f"loss.{domain}"
            trained = mine[name].mean()
            gain = choice["predicted_equal"][domain] - loss
            rows.append([contestant, domain, loss, trained, gain, equal[name].mean() - trained])
    return pd.DataFrame(rows, columns=PREDICTED)


PREDICTED = ["contestant", "domain", "predicted", "trained", "predicted_gain", "trained_gain"]
EQUAL = "uniform"  # the contestant with equal proportions, if there is one

"""The tables of a contest of mixers, from the generic ones and what contestants have chosen.

- ``contest.csv``: a row per model of the target's size that did not diverge: ``contestant``, ``budget`` (``free``: all
  tokens; ``charged``: those that its search has left), ``seed``, ``tokens``, ``loss`` (mean over domains, in nats),
  ``to_baseline`` (tokens after which the mean loss on the way is that of the baseline's end on the way, with the same
  seed; missing if never), ``recall`` of facts and ``cloze``, the mean accuracy on held-out words of the domains of text
  (both missing without), ``loss.<domain>``, and ``on_the_way.<domain>``, the last loss on the way, on the text that
  searches see;
- ``means.csv``: a row per contestant and budget; whose search costs nothing is charged nothing, and its models with all
  tokens count there too: ``seeds`` (of models that did not diverge), ``diverged``, ``tokens``, ``search`` (what it
  cost, as a share of the target's tokens), ``searches`` (whether it chooses by runs or by what it measures on the
  way); means with intervals (``…_low``, ``…_high``) of ``loss``, ``recall``, ``cloze``, and ``gain`` (by how much its
  loss lies below the baseline's with all tokens); ``worst`` (the greatest excess of a domain's loss over the
  baseline's, of means over seeds), ``to_baseline`` (missing unless all seeds reach it), ``rank`` by loss within the
  budget, and ``rank_best`` and ``rank_worst``, between which intervals leave it. The intervals are of comparisons: what
  a seed does to all contestants is taken out (:func:`phasemix.analysis.seed_intervals.unshared_noise`), and each
  mixture is that of one search;
- ``choices.csv``: a row per contestant, phase and domain: ``until`` (a share of the run), ``proportion``, ``read`` (of
  all tokens, by the target's models, also where they were steered) and ``epochs``;
- ``predicted.csv``: a row per contestant and domain whose loss it predicted: ``predicted``, ``trained`` (on the text
  that laws were fitted on), and how far each lies below that of equal proportions, ``predicted_gain`` and
  ``trained_gain`` (missing where nobody has these).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.analysis.seed_intervals import columns, of_shares, pooled_difference, pooled_mean, unshared_noise
from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_csv
from phasemix.experiments.mixers.spec import CHARGED, FREE

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
    facts = [name for name in map(str, targets) if name.startswith("accuracy.") and name.count(".") == 1]
    words = [name for name in map(str, targets) if name.startswith("cloze.")]
    ways = {key: part.sort_values("tokens") for key, part in curves.dropna(subset=AXES).groupby(list(AXES))}
    plain = (options["baseline"], FREE)
    ends = {seed: way[losses].iloc[-1].mean() for (*who, seed), way in ways.items() if tuple(who) == plain}
    rows = []
    for cell in targets.to_dict("records"):
        way = ways[tuple(cell[name] for name in AXES)]
        end = ends.get(cell["seed"], np.nan)  # of a seed with which the baseline diverged there is none
        reached = way.loc[way[losses].mean(axis=1) <= end, "tokens"]
        rows.append(
            {
                **{name: cell[name] for name in (*AXES, "tokens")},
                "loss": np.mean([cell[name] for name in losses]),
                "to_baseline": reached.min() if len(reached) else np.nan,
                "recall": np.mean([cell[name] for name in facts]) if facts else np.nan,
                "cloze": np.mean([cell[name] for name in words]) if words else np.nan,
                **{name: cell[name] for name in losses},
                **{f"on_the_way.{domain}": way[f"loss.{domain}"].iloc[-1] for domain in options["domains"]},
            }
        )
    return pd.DataFrame(rows)


AXES = ("contestant", "budget", "seed")


def means_table(contest: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    """``means.csv``, of ``contest.csv``.

    Raises:
        PhasemixError: no model of the baseline is left to compare with.
    """
    parts = dict(iter(contest.groupby(["contestant", "budget"], sort=False)))
    baseline = options["baseline"]
    if (baseline, FREE) not in parts:
        raise PhasemixError(f"every model of the baseline {baseline} diverged: lower recipe.peak_learning_rate")
    noise = {name: unshared_noise([part[name].dropna().to_numpy() for part in parts.values()]) for name in MEASURED}
    plain = parts[baseline, FREE]
    rows = [_row(part, plain, noise, options) for part in parts.values()]
    free = [row for row in rows if row["budget"] == FREE and options["search_tokens"][row["contestant"]] == 0]
    table = pd.DataFrame([*rows, *({**row, "budget": CHARGED} for row in free)])
    return pd.concat([_ranked(part) for _, part in table.groupby("budget", sort=False)], ignore_index=True)


MEASURED = ("loss", "recall", "cloze")


def _row(
    part: pd.DataFrame, plain: pd.DataFrame, noise: Mapping[str, tuple[float, int]], options: Mapping[str, Any]
) -> dict[str, Any]:
    """A row of ``means.csv`` but its ranks, of a ``part`` of ``contest.csv``; ``plain`` is the baseline's."""
    contestant, budget = part["contestant"].iloc[0], part["budget"].iloc[0]
    confidence = options["confidence"]
    losses = [f"loss.{domain}" for domain in options["domains"]]
    gain = pooled_difference(part["loss"].to_numpy(), plain["loss"].to_numpy(), noise["loss"], confidence)
    worst = (part[losses].mean() - plain[losses].mean()).max()
    compared = part is not plain
    return {
        "contestant": contestant,
        "budget": budget,
        "seeds": len(part),
        "diverged": len(options["seeds"]) - len(part),
        "tokens": part["tokens"].mean(),
        "search": options["search_tokens"][contestant] / options["target_tokens"],
        "searches": contestant in options["searchers"],
        **columns("loss", pooled_mean(part["loss"].to_numpy(), noise["loss"], confidence)),
        **columns("recall", of_shares(pooled_mean(part["recall"].to_numpy(), noise["recall"], confidence))),
        **columns("cloze", of_shares(pooled_mean(part["cloze"].to_numpy(), noise["cloze"], confidence))),
        **columns("gain", gain if compared else (np.nan,) * 3),
        "worst": worst if compared else np.nan,
        "to_baseline": part["to_baseline"].mean(skipna=False),
    }


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
            name = f"on_the_way.{domain}"
            trained = mine[name].mean()
            gain = choice["predicted_equal"][domain] - loss
            rows.append([contestant, domain, loss, trained, gain, equal[name].mean() - trained])
    return pd.DataFrame(rows, columns=PREDICTED)


PREDICTED = ["contestant", "domain", "predicted", "trained", "predicted_gain", "trained_gain"]
EQUAL = "uniform"  # the contestant with equal proportions, if there is one

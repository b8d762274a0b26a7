"""What studies of random subsampling and compact knowledge mixing measured, a row per cell and a row per mixture.

- ``strategies.csv``: a row per cell that did not diverge: ``size``, ``parameters``, ``ratio``, ``subsampling`` (ρ),
  ``compact`` (τ), ``seed``, ``tokens``, ``people`` (how many are asked about) and ``shown`` (how many training shows),
  ``accuracy`` on all of them, ``accuracy_shown`` and ``accuracy_left_out`` (missing where nobody is left out),
  ``floor``, ``known`` (bits about those shown, as a share of all bits; missing where the task knows no entropies),
  ``exposures`` of a person shown, in texts and tuples, ``tuple_tokens`` (of a tuple; missing without), ``web_loss``;
- ``means.csv``: a row per size, ratio, ρ and τ, over seeds (their number is ``seeds``): ``people``, ``floor``,
  ``exposures``, ``tokens`` (fewer where runs stopped early), ``accuracy_shown``, ``accuracy_left_out``, and with
  intervals (``…_low``, ``…_high``) ``accuracy``, ``known``, ``gain`` (of accuracy over the cells of the same size and
  ratio without a strategy), ``web_rise`` (of the web loss, over cells of ratio 0 of the same size) and ``web_more`` (of
  the web loss, over the same ratio without a strategy); ``frequency``, how many times as often per token a person who
  is shown is shown as without a strategy. What has nothing to be compared with but itself is missing, and so is what
  is known where nobody is shown.

Intervals over seeds are Student's; of differences, Welch's.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis.seed_intervals import columns, difference_interval, mean_interval, share_interval
from phasemix.tasks.synbio.subsampling import shown_people

CELL = ["size", "ratio", "subsampling", "compact"]
NOTHING = (np.nan,) * 3
ABOUT = ("people", "floor", "tokens", "exposures", "accuracy_shown", "accuracy_left_out")


def strategy_cells(cells: pd.DataFrame, persons: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    """``strategies.csv``, from the generic table of cells and that of people."""
    cells = cells[~cells["diverged"]]
    dense, tuples, base = (options[name] for name in ("dense", "tuples", "base"))
    of_person = persons.groupby([*CELL, "seed", "person"], as_index=False)[
        ["asked", "correct", "knowledge", "entropy"]
    ].sum(min_count=1)
    rows = []
    for cell in cells.to_dict("records"):
        own = of_person[(of_person[[*CELL, "seed"]] == [cell[name] for name in (*CELL, "seed")]).all(axis=1)]
        people = int(cell[f"subjects.{dense}"])
        shown = shown_people(people, cell["subsampling"])
        there = own["person"] < shown
        share = own["correct"].to_numpy() / own["asked"].to_numpy()
        mixed = cell["compact"] > 0
        tuple_exposures = cell[f"epochs.{tuples}"] if mixed else 0.0
        rows.append(
            {
                **{name: cell[name] for name in ("size", "parameters", *CELL[1:], "seed", "tokens")},
                "people": people,
                "shown": shown,
                "accuracy": cell[f"accuracy.{dense}"],
                "accuracy_shown": share[there].mean(),
                "accuracy_left_out": share[~there].mean() if (~there).any() else np.nan,
                "floor": cell[f"floor.{dense}"],
                "known": own.loc[there, "knowledge"].sum(min_count=1) / own["entropy"].sum(min_count=1),
                "exposures": cell[f"epochs.{dense}"] + tuple_exposures,
                "tuple_tokens": cell[f"mix.{tuples}"] * cell["tokens"] / (tuple_exposures * people)
                if mixed
                else np.nan,
                "web_loss": cell[f"loss.{base}"],
            }
        )
    return pd.DataFrame(rows).sort_values(["parameters", *CELL[1:], "seed"], ignore_index=True)


def strategy_means(cells: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """``means.csv``, of ``strategies.csv``."""
    parts: dict[Any, pd.DataFrame] = dict(iter(cells.groupby(["parameters", *CELL], sort=True)))
    rows: list[dict[str, Any]] = []
    for (parameters, size, ratio, subsampling, compact), part in parts.items():
        plain = parts.get((parameters, size, ratio, 1.0, 0.0))
        web = parts.get((parameters, size, 0.0, 1.0, 0.0))
        often = _per_token(plain) if plain is not None and ratio else np.nan
        known = mean_interval(part["known"].to_numpy(), confidence) if ratio else NOTHING
        rows.append(
            {
                **dict(zip(CELL, (size, ratio, subsampling, compact), strict=True)),
                "parameters": parameters,
                "seeds": len(part),
                **{name: part[name].mean() for name in ABOUT},
                **columns("accuracy", share_interval(part["accuracy"].to_numpy(), confidence)),
                **columns("known", known),
                **columns("gain", _difference(plain, part, "accuracy", confidence)),
                **columns("web_rise", _difference(web, part, "web_loss", confidence)),
                **columns("web_more", _difference(plain, part, "web_loss", confidence)),
                "frequency": _per_token(part) / often,
            }
        )
    return pd.DataFrame(rows)


def _per_token(part: pd.DataFrame) -> float:
    """Exposures per token trained on, of a person who is shown."""
    return float((part["exposures"] / part["tokens"]).mean())


def _difference(
    first: pd.DataFrame | None, second: pd.DataFrame, column: str, confidence: float
) -> tuple[float, float, float]:
    """By how much the second cells lie above the first ones; nothing above none, and above themselves."""
    if first is None or first is second:
        return NOTHING
    return difference_interval(first[column].to_numpy(), second[column].to_numpy(), confidence)

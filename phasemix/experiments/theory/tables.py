"""The tables of a test of the theory, from those of other experiments.

The loss on web text alone, L = E + A·P^−α over sizes of P parameters, is fitted to web-only runs
(:mod:`phasemix.analysis.power_law_fits`). One measured critical ratio, the calibration, gives the bits that a parameter
holds; with them, a learner of bounded capacity predicts all other critical points
(:mod:`phasemix.theory.sized_learner`). A ratio or a size is critical where half of all bits are known.

- ``theory.json``: ``web``: ``irreducible`` (E), ``factor`` (A) and ``exponent`` (α), in nats per token and parameters,
  each a list of its value and both ends of its interval; ``misfit``, ``sizes``, ``runs`` and their
  ``tokens``; ``people``: ``entropy`` in bits and ``tokens`` of a biography; ``calibration``: ``experiment``, ``size``,
  ``parameters``, ``people`` and ``ratio``, with its interval; ``bits_per_parameter``, likewise. Ends that are
  not known are null;
- ``predictions.csv``: critical ratios, one row per ``experiment``, ``size``, ``parameters`` and ``people``:
  ``measured``, ``low``, ``high`` and ``standing`` (``on``, ``above`` or ``below`` the grid, whose ends are ``smallest``
  and ``largest``), ``predicted``, ``predicted_low``, ``predicted_high``, and ``error``, how far the prediction lies
  above the measured ratio as a share of it, with ``error_low`` and ``error_high``
  (:meth:`phasemix.experiments.theory.points.Points.errors`); ``calibration``, whether it is that. What was asked for
  and not measured has no experiment;
- ``sizes.csv``: critical sizes in parameters, one row per ``experiment``, ``people`` and ``ratio``, in the same
  columns;
- ``exponents.csv``: :func:`phasemix.experiments.theory.exponents.exponents`;
- ``known.csv``: the share of all bits that is ``known`` in every measured cell, with its interval, and ``predicted``;
  ``bits_per_parameter``, what that is of all people; ``web_loss``, measured, and ``web_predicted``, what the
  theory says of a model that spends so many bits on people;
- ``learner.csv``: the share that the learner knows, ``known``, over ``ratio``, for every measured ``size`` and
  ``people``;
- ``capacity.csv``: the same over ``capacity`` (bits) and ``parameters``, at some ``ratio``, with the calibration's
  ``people`` (A-Fig 6).

**Uncertainty.** Every resample has its own E, A and α (refits to web-only runs, resampled over seeds), its own critical
ratio at the calibration (people and seeds resampled), and so its own bits per parameter and predictions; measured
points are those of the same resample of the same experiment. Intervals are percentiles. So they hold what chance in the
web-only runs, the calibration and the point itself does to an error, and not what is wrong with the theory.

Its options: ``web``, ``measured``, ``calibration`` and ``predict`` as in the configuration; ``reads``, the folders of
the experiments' tables; ``bootstrap``, ``confidence`` and ``seed`` of the intervals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from phasemix.analysis.critical_points import percentile_interval, share_intervals
from phasemix.analysis.power_law_fits import fit_size_law, size_law_resamples
from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_csv, write_json
from phasemix.experiments.cells_table import Cells
from phasemix.experiments.theory.exponents import exponents
from phasemix.experiments.theory.measured import Measured, alike, read_measured, web_losses
from phasemix.experiments.theory.points import (
    Learners,
    Points,
    measured_ratios,
    measured_sizes,
    predicted_ratios,
    predicted_sizes,
)
from phasemix.theory.sized_learner import SizedLearner

TABLES = ("known", "predictions", "sizes", "exponents", "learner", "capacity")
STEPS = 300  # of a drawn curve
RATIOS = 6  # of A-Fig 6


@dataclass(frozen=True)
class Tables:
    """The tables that figures are drawn from and the section is written from."""

    theory: dict[str, Any]
    known: pd.DataFrame
    predictions: pd.DataFrame
    sizes: pd.DataFrame
    exponents: pd.DataFrame
    learner: pd.DataFrame
    capacity: pd.DataFrame

    @property
    def names(self) -> list[str]:
        """The measured sizes, smallest first."""
        return self.known.sort_values("parameters")["size"].unique().tolist()

    @property
    def counts(self) -> list[int]:
        """The measured numbers of people, fewest first."""
        return sorted(self.known["people"].unique().tolist())

    @property
    def bits_per_parameter(self) -> float:
        """The one constant."""
        return float(self.theory["bits_per_parameter"][0])

    @classmethod
    def read(cls, folder: Path, options: Mapping[str, Any]) -> Self:  # noqa: ARG003 (every kind is read alike)
        """The tables in ``folder``."""
        read = {name: pd.read_csv(folder / f"{name}.csv", dtype={"size": str}) for name in TABLES}
        return cls(theory=read_json(folder / "theory.json"), **read)


def write(cells: Cells, options: Mapping[str, Any], folder: Path) -> None:  # noqa: ARG001 (it has no cells)
    """Write the tables above into ``folder``.

    Raises:
        PhasemixError: too few web-only runs, people of several kinds, or a calibration that is off its grid.
    """
    confidence = options["confidence"]
    resampling = {name: options[name] for name in ("bootstrap", "confidence", "seed")}
    tables = {name: Path(where) for name, where in options["reads"].items()}
    measured = [read_measured(name, tables[name], resampling) for name in options["measured"]]
    alike(measured)
    web = web_losses(pd.read_csv(tables[options["web"]] / "cells.csv", dtype={"size": str}))
    places, values = measured_ratios(measured)
    chosen = calibration_place(places, values, options["calibration"])
    place, told = places.iloc[chosen], _named(measured, places["experiment"].iloc[chosen])
    people = told.people(int(place["people"]))
    laws, misfit = _laws(web, options)
    learners = _learners(laws, people.entropy, people.tokens, place, values[:, chosen])
    learner = learners[0]
    assert isinstance(learner, SizedLearner)

    more = not_measured(places, options["predict"], web)
    places = pd.concat([places.assign(calibration=np.arange(len(places)) == chosen), more], ignore_index=True)
    values = np.concatenate([values, np.full((len(values), len(more)), np.nan)], axis=1)
    ratios = Points(places, values, predicted_ratios(places, learners))
    at, sizes_measured = measured_sizes(measured)
    sizes = Points(at, sizes_measured, predicted_sizes(at, learners))
    bits = np.array([each.bits if isinstance(each, SizedLearner) else np.nan for each in learners])

    def with_ends(samples: np.ndarray) -> list[float | None]:
        ends = percentile_interval(samples[1:], confidence) if np.isfinite(samples).all() else (None, None)
        return [float(samples[0]), *ends]

    names = ("irreducible", "factor", "exponent")
    fitted = {name: with_ends(samples) for name, samples in zip(names, laws.T, strict=True)}
    found = {
        "web": {**fitted, "misfit": misfit, "sizes": int(web["size"].nunique()), "runs": len(web)}
        | {"tokens": int(web["tokens"].max())},
        "people": {"entropy": people.entropy, "tokens": people.tokens},
        "calibration": {
            "experiment": place["experiment"],
            "size": place["size"],
            "parameters": int(place["parameters"]),
            "people": int(place["people"]),
            "ratio": with_ends(ratios.measured[:, chosen]),
        },
        "bits_per_parameter": with_ends(bits),
    }
    known = known_table(measured, learner)
    write_json(folder / "theory.json", found)
    write_csv(folder / "known.csv", known)
    write_csv(folder / "predictions.csv", ratios.table(1.0, confidence))
    write_csv(folder / "sizes.csv", sizes.table(np.inf, confidence))
    write_csv(folder / "exponents.csv", exponents(ratios, sizes, laws[:, 2], people.tokens, confidence))
    write_csv(folder / "learner.csv", learner_table(known, learner))
    write_csv(folder / "capacity.csv", capacity_table(known, learner, int(place["people"])))


def calibration_place(places: pd.DataFrame, values: np.ndarray, calibration: Mapping[str, Any]) -> int:
    """Which critical ratio is the calibration: the first of its size and number of people.

    Raises:
        PhasemixError: there is none, or it is off its grid.
    """
    size, people = calibration["size"], calibration["people"]
    found = np.flatnonzero((places["size"] == size) & (places["people"] == people))
    if not len(found):
        raise PhasemixError(f"calibration: {size} with {people} people has too few ratios for a critical one")
    if not 0 < values[0, found[0]] < 1:
        raise PhasemixError(
            f"calibration: the critical ratio of {size} with {people} people is off its grid of ratios"
            f" ({places['smallest'].iloc[found[0]]:g} to {places['largest'].iloc[found[0]]:g}); choose another cell"
        )
    return int(found[0])


def _named(measured: Sequence[Measured], name: str) -> Measured:
    return next(each for each in measured if each.name == name)


def _laws(web: pd.DataFrame, options: Mapping[str, Any]) -> tuple[np.ndarray, float]:
    """E, A and α, then those of every resample, shape (1 + resamples, 3), and the misfit."""
    sizes, losses = web["parameters"].to_numpy(float), web["loss"].to_numpy(float)
    law = fit_size_law(sizes, losses)
    refits, misfit = size_law_resamples(sizes, losses, resamples=options["bootstrap"], seed=options["seed"])
    return np.concatenate([[[law.irreducible, law.factor, law.exponent]], refits]), misfit


def _learners(laws: np.ndarray, entropy: float, tokens: float, place: pd.Series, ratios: np.ndarray) -> Learners:
    """A learner for every law and the calibration's critical ratio with it."""
    return [
        SizedLearner(e, a, alpha, entropy, tokens).calibrated(place["parameters"], place["people"], ratio)
        if 0 < ratio < 1
        else ratio
        for (e, a, alpha), ratio in zip(laws.tolist(), ratios.tolist(), strict=True)
    ]


def not_measured(places: pd.DataFrame, predict: Sequence[Mapping[str, Any]], web: pd.DataFrame) -> pd.DataFrame:
    """The places that are asked for and were not measured, with the columns of the others.

    Raises:
        PhasemixError: a size of which no web-only run is left.
    """
    parameters = web.drop_duplicates("size").set_index("size")["parameters"]
    there = set(zip(places["size"], places["people"], strict=True))
    asked = [pair for block in predict for pair in product(block["sizes"], block["people"])]
    if missing := [size for size, _ in asked if size not in parameters]:
        raise PhasemixError(f"predict: every web-only run of {missing[0]} diverged")
    rows = [
        (size, parameters[size], people, False) for size, people in dict.fromkeys(asked) if (size, people) not in there
    ]
    return pd.DataFrame(rows, columns=["size", "parameters", "people", "calibration"])


def known_table(measured: Sequence[Measured], learner: SizedLearner) -> pd.DataFrame:
    """``known.csv``."""
    parts = []
    for each in measured:
        for people, data in each.known.items():
            part = share_intervals(data, "known")
            part = part[part["ratio"] < 1]
            part.insert(0, "experiment", each.name)
            part.insert(3, "people", people)
            parameters = part["parameters"].to_numpy(float)
            predicted = [
                float(learner.known(size, people, ratio)) for size, ratio in zip(parameters, part["ratio"], strict=True)
            ]
            bits = part["known"] * people * learner.entropy / parameters
            runs = each.runs[(each.runs["people"] == people) & ~each.runs["diverged"]]
            losses = runs.groupby(["size", "ratio"])["base_loss"].mean()
            web = losses.reindex(pd.MultiIndex.from_frame(part[["size", "ratio"]])).to_numpy()
            theirs = learner.web_loss(parameters, people, part["known"].clip(0, 1))
            parts.append(part.assign(predicted=predicted, bits_per_parameter=bits, web_loss=web, web_predicted=theirs))
    return pd.concat(parts, ignore_index=True)


def learner_table(known: pd.DataFrame, learner: SizedLearner) -> pd.DataFrame:
    """``learner.csv``: over ratios from half the smallest measured one to almost 1."""
    parts = []
    ratios = np.geomspace(known["ratio"].min() / 2, 0.98, STEPS)
    for row in known.drop_duplicates(["size", "people"]).sort_values(["parameters", "people"]).to_dict("records"):
        shares = [float(learner.known(row["parameters"], row["people"], ratio)) for ratio in ratios]
        where = {name: row[name] for name in ("size", "parameters", "people")}
        parts.append(pd.DataFrame({**where, "ratio": ratios, "known": shares}))
    return pd.concat(parts, ignore_index=True)


def capacity_table(known: pd.DataFrame, learner: SizedLearner, people: int) -> pd.DataFrame:
    """``capacity.csv``: over sizes from a third of the smallest measured one to three times the largest."""
    parameters = np.geomspace(known["parameters"].min() / 3, known["parameters"].max() * 3, STEPS)
    measured = np.sort(known.loc[known["people"] == people, "ratio"].unique())
    chosen = np.unique(np.linspace(0, len(measured) - 1, RATIOS).round().astype(int))
    parts = []
    for ratio in measured[chosen]:
        curve = {"capacity": learner.bits * parameters, "parameters": parameters}
        shares = learner.known(parameters, people, float(ratio))
        parts.append(pd.DataFrame({"people": people, "ratio": ratio, **curve, "known": shares}))
    return pd.concat(parts, ignore_index=True)

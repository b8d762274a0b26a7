"""The mixture that a fitted law says is best, how sure that is, and how little it may matter."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.json_rows import json_rows, json_value
from phasemix.fitting.flat_set import FLATNESS, flat_set
from phasemix.fitting.law import CONFIDENCE
from phasemix.fitting.objective import Objective
from phasemix.fitting.optimum_bootstrap import claimed, optimum_bootstrap, percentiles
from phasemix.fitting.optimum_search import best_mixture
from phasemix.fitting.outside import Outside, outside


@dataclass(frozen=True)
class Gain:
    """What a mixture gains over the prior, in nats of the weighted loss.

    Attributes:
        value: by the fitted law.
        low, high: percentiles over fits on resampled runs; not a number without.
        sure: the share of these fits that say it gains anything; not a number without.
    """

    value: float
    low: float
    high: float
    sure: float


@dataclass(frozen=True)
class Optimum:
    """A best mixture.

    Attributes:
        table: one row per mixture domain: ``domain``, ``prior``, ``proportion``; ``low`` and ``high``, percentiles over
            fits on resampled runs, of the ``confidence`` that so many can give; ``flat_low`` and ``flat_high``, its
            reach in the flat set.
        confidence: of the proportions' intervals.
        flat_loss: what the mixtures at the ends of the flat set lose at most by the same fits, as a share of the
            objective: the upper one of its percentiles, not a number without. By the law it is ``FLATNESS``.
        losses: predicted loss of each target, with ``low`` and ``high`` of the law's interval.
        objective: its value at the optimum.
        gain: by how much the mixture's loss lies below the prior's.
        convex: whether the problem was proven convex.
        certificate: what is known of its being the best, in words.
        outside: how far it lies outside what the law was fitted on.
        notes: for people.
    """

    table: pd.DataFrame
    confidence: float
    flat_loss: float
    losses: pd.DataFrame
    objective: float
    gain: Gain
    convex: bool
    certificate: str
    outside: Outside
    notes: list[str]

    def record(self, objective: Objective) -> dict[str, Any]:
        """Everything, for a JSON file; numbers that do not exist are null."""
        return {
            "law": objective.fit.law.name,
            "step": objective.step,
            "size": objective.size,
            "objective": self.objective,
            "gain": {name: json_value(value) for name, value in asdict(self.gain).items()},
            "convex": self.convex,
            "certificate": self.certificate,
            "outside": {
                "flag": self.outside.flags[0],
                "mixture": float(self.outside.mixture[0]),
                "proportion": json_value(self.outside.proportion[0]),
            },
            "mixture": json_rows(self.table),
            "confidence": self.confidence,
            "flat_loss": json_value(self.flat_loss),
            "losses": json_rows(self.losses),
            "notes": self.notes,
        }

    def text(self) -> str:
        """Everything, for people."""
        mixture = pd.DataFrame(
            {
                "domain": self.table["domain"],
                "prior": self.table["prior"].map("{:.4f}".format),
                "proportion": self.table["proportion"].map("{:.4f}".format),
            }
        )
        if self.confidence:
            mixture[f"{100 * self.confidence:.0f} % interval"] = _spans(self.table["low"], self.table["high"], "{:.3f}")
        mixture[f"within {100 * FLATNESS:g} %"] = _spans(self.table["flat_low"], self.table["flat_high"], "{:.3f}")
        losses = pd.DataFrame({"domain": self.losses["domain"], "loss": self.losses["loss"].map("{:.4f}".format)})
        losses[f"{100 * CONFIDENCE:.0f} % interval"] = _spans(self.losses["low"], self.losses["high"], "{:.5g}")
        tables = "\n\n".join(table.to_string(index=False) for table in (mixture, losses))
        return f"{tables}\n\n{self._gain_text()}{self._flat_text()}\nobjective {self.objective:.5f}; {self.certificate}"

    def _flat_text(self) -> str:
        if np.isnan(self.flat_loss):
            return ""
        part = f"{100 * (1 + self.confidence) / 2:.0f} % of refits"
        words = f"at the ends of what is within {100 * FLATNESS:g} %, mixtures lose at most"
        return f"\n{words} {100 * self.flat_loss:.2g} % by {part}"

    def _gain_text(self) -> str:
        text = f"loss {self.gain.value:.4g} below the prior's"
        if np.isnan(self.gain.sure):
            return text
        ends = f"{self.gain.low:.4g} to {self.gain.high:.4g}"
        return f"{text} ({ends}, {100 * self.confidence:.0f} %); {100 * self.gain.sure:.0f} % of refits say it is lower"


def find_optimum(objective: Objective, *, bootstrap: int = 20, seed: int = 0) -> Optimum:
    """The best mixture of an objective, with intervals over ``bootstrap`` refits of its law.

    Raises:
        LawError: no mixture is allowed, or the law has no optimum.
    """
    mixture, certificate = best_mixture(objective, seed)
    ends = flat_set(objective, mixture, seed)
    found = optimum_bootstrap(objective, mixture, ends, bootstrap, seed)
    losses = _losses(objective, mixture)
    columns = {"prior": objective.prior, "proportion": mixture, "low": found.low, "high": found.high}
    flat = {"flat_low": ends.min(axis=0), "flat_high": ends.max(axis=0)}
    far = outside(objective.fit.runs, objective.at(mixture[None]))
    return Optimum(
        pd.DataFrame({"domain": objective.fit.runs.domains, **columns, **flat}),
        claimed(bootstrap),
        float(percentiles(found.flat, claimed(bootstrap))[1]) if len(found.flat) else np.nan,
        losses,
        float(objective(mixture[None])[0]),
        _gain(objective.gain(mixture), found.gains, claimed(bootstrap)),
        objective.expression is not None,
        certificate,
        far,
        found.notes + _warnings(objective, mixture, losses, far),
    )


def _gain(value: float, gains: np.ndarray, confidence: float) -> Gain:
    if not len(gains):
        return Gain(value, np.nan, np.nan, np.nan)
    low, high = percentiles(gains, confidence)
    return Gain(value, float(low), float(high), float((gains > 0).mean()))


def _losses(objective: Objective, mixture: np.ndarray) -> pd.DataFrame:
    fit, at = objective.fit, objective.at(mixture[None])
    low, high = fit.interval(at)
    return pd.DataFrame({"domain": fit.targets, "loss": fit.predict(at)[0], "low": low[0], "high": high[0]})


def _warnings(objective: Objective, mixture: np.ndarray, losses: pd.DataFrame, far: Outside) -> list[str]:
    """Where the law is asked too far from its runs."""
    runs = objective.fit.runs
    seen = runs.mixture.max(axis=0)
    found = []
    if far.flags[0]:
        where = f"the best mixture lies outside what the law was fitted on ({far.flags[0]})"
        moved = (
            f"{100 * far.mixture[0]:.2g} % of its weight would have to move for it to be a blend of the fitted mixtures"
        )
        found.append(f"{where}: {moved}")
    found += [
        f"{name}: {share:.3g} lies beyond all mixtures of the runs, which have at most {most:.3g}"
        for name, share, most in zip(runs.domains, mixture, seen, strict=True)
        if share > most + 0.01
    ]
    return found + [
        f"{name}: the law predicts a loss of {loss:.3g}, which is none: it is asked too far from its runs"
        for name, loss in zip(losses["domain"], losses["loss"], strict=True)
        if loss <= 0
    ]


def _spans(low: pd.Series, high: pd.Series, spell: str) -> list[str]:
    ends = zip(low.tolist(), high.tolist(), strict=True)
    return ["–" if np.isnan(a) else f"{spell.format(a)}–{spell.format(b)}" for a, b in ends]

"""The mixture that a fitted law says is best, how sure that is, and how little it may matter."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from phasemix.fitting.flat_set import FLATNESS, flat_set
from phasemix.fitting.objective import Objective
from phasemix.fitting.optimum_bootstrap import optimum_bootstrap
from phasemix.fitting.optimum_search import best_mixture


@dataclass(frozen=True)
class Optimum:
    """A best mixture.

    Attributes:
        table: one row per mixture domain: ``domain``, ``proportion``; ``low`` and ``high``, percentiles
            over fits on resampled runs; ``flat_low`` and ``flat_high``, its reach in the flat set.
        losses: predicted loss of each target, with ``low`` and ``high`` of the law's interval.
        objective: its value at the optimum.
        convex: whether the problem was proven convex.
        certificate: what is known of its being the best, in words.
        notes: for people.
    """

    table: pd.DataFrame
    losses: pd.DataFrame
    objective: float
    convex: bool
    certificate: str
    notes: list[str]

    def record(self, objective: Objective) -> dict[str, Any]:
        """Everything, for a JSON file; numbers that do not exist are null."""
        return {
            "law": objective.fit.law.name,
            "step": objective.step,
            "size": objective.size,
            "objective": self.objective,
            "convex": self.convex,
            "certificate": self.certificate,
            "mixture": _records(self.table),
            "losses": _records(self.losses),
            "notes": self.notes,
        }

    def text(self) -> str:
        """Everything, for people."""
        mixture = pd.DataFrame(
            {"domain": self.table["domain"], "proportion": self.table["proportion"].map("{:.4f}".format)}
        )
        mixture["interval"] = _spans(self.table["low"], self.table["high"], "{:.3f}")
        mixture[f"within {100 * FLATNESS:g} %"] = _spans(self.table["flat_low"], self.table["flat_high"], "{:.3f}")
        losses = pd.DataFrame({"domain": self.losses["domain"], "loss": self.losses["loss"].map("{:.4f}".format)})
        losses["interval"] = _spans(self.losses["low"], self.losses["high"], "{:.5g}")
        tables = "\n\n".join(table.to_string(index=False) for table in (mixture, losses))
        return f"{tables}\n\nobjective {self.objective:.5f}; {self.certificate}"


def find_optimum(objective: Objective, *, bootstrap: int = 20, seed: int = 0) -> Optimum:
    """The best mixture of an objective, with intervals over ``bootstrap`` refits of its law.

    Raises:
        LawError: no mixture is allowed, or the law has no optimum.
    """
    mixture, certificate = best_mixture(objective, seed)
    flat_low, flat_high = flat_set(objective, mixture, seed)
    low, high, notes = optimum_bootstrap(objective, bootstrap, seed)
    losses = _losses(objective, mixture)
    table = pd.DataFrame({"domain": objective.fit.runs.domains, "proportion": mixture, "low": low, "high": high})
    return Optimum(
        table.assign(flat_low=flat_low, flat_high=flat_high),
        losses,
        float(objective(mixture[None])[0]),
        objective.expression is not None,
        certificate,
        notes + _warnings(objective, mixture, losses),
    )


def _losses(objective: Objective, mixture: np.ndarray) -> pd.DataFrame:
    fit, at = objective.fit, objective.at(mixture[None])
    low, high = fit.interval(at)
    return pd.DataFrame({"domain": fit.targets, "loss": fit.predict(at)[0], "low": low[0], "high": high[0]})


def _warnings(objective: Objective, mixture: np.ndarray, losses: pd.DataFrame) -> list[str]:
    """Where the law is asked too far from its runs."""
    runs = objective.fit.runs
    seen = runs.mixture.max(axis=0)
    found = [
        f"{name}: {share:.3g} lies beyond all mixtures of the runs, which have at most {most:.3g}"
        for name, share, most in zip(runs.domains, mixture, seen, strict=True)
        if share > most + 0.01
    ]
    return found + [
        f"{name}: the law predicts a loss of {loss:.3g}, which is none: it is asked too far from its runs"
        for name, loss in zip(losses["domain"], losses["loss"], strict=True)
        if loss <= 0
    ]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): None if isinstance(value, float) and np.isnan(value) else value for key, value in row.items()}
        for row in table.to_dict("records")
    ]


def _spans(low: pd.Series, high: pd.Series, spell: str) -> list[str]:
    ends = zip(low.tolist(), high.tolist(), strict=True)
    return ["–" if np.isnan(a) else f"{spell.format(a)}–{spell.format(b)}" for a, b in ends]

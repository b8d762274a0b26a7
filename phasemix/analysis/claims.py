"""The ledger: what the papers claim, what this study measured, and a verdict by a rule stated in advance.

``claims.yaml`` lists the claims and the criteria. Each test function here takes a :class:`Study` and
returns a :class:`Finding`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import yaml

from phasemix.analysis import CLAIMS
from phasemix.analysis.critical_points import Accuracies
from phasemix.base.seeds import generator
from phasemix.base.spelling import interval_text, parameters_text
from phasemix.tasks.synbio.people import ATTRIBUTES

Verdict = Literal["reproduced", "partly", "not reproduced", "not tested"]
NEAR_ZERO_RATIO, LEARNED_RATIO = 0.02, 0.5  # along the ratios
NEAR_ZERO_SIZE, LEARNED_SIZE = 0.05, 0.6  # along the sizes: paper A's "past 60 %"
SPAN = 8.0  # both must lie within this factor of ratio or size
TRANSITIONAL = (0.05, 0.95)  # cells in which attributes can be told apart


@dataclass(frozen=True)
class Study:
    """The tables of one transition study, and their analysis."""

    table: pd.DataFrame
    people: pd.DataFrame
    accuracies: Accuracies
    critical: pd.DataFrame

    def percent(self, size: int, ratio: int) -> str:
        """The accuracy of a cell with its interval, such as ``61.0 % (55.2–67.1)``."""
        low, high = self.accuracies.interval(self.accuracies.resampled[:, size, ratio])
        return f"{100 * self.accuracies.grid[size, ratio]:.1f} % ({100 * low:.1f}–{100 * high:.1f})"

    def critical_line(self, kind: Literal["ratio", "size"]) -> pd.DataFrame:
        """The critical points of one kind, in order of the other axis; those unknown are left out."""
        line = self.critical[(self.critical["kind"] == kind) & self.critical["value"].notna()]
        return line.sort_values("parameters" if kind == "ratio" else "ratio")


@dataclass(frozen=True)
class Finding:
    """What was measured, in words with numbers and intervals, and the verdict."""

    measured: str
    verdict: Verdict


TOO_SMALL = Finding("the grid has nothing that could show it", "not tested")


def transition_in_size(study: Study) -> Finding:
    """Pairs of sizes, at most a factor 8 apart, between which a ratio goes from near zero to learned."""
    grid, parameters = study.accuracies.grid, study.accuracies.parameters
    if len(parameters) < 2:
        return TOO_SMALL
    found = []
    for j, ratio in enumerate(study.accuracies.ratios):
        pair = _jump(parameters, grid[:, j], NEAR_ZERO_SIZE, LEARNED_SIZE)
        if pair:
            low, high = pair
            sizes = study.accuracies.sizes
            found.append(
                f"r = {ratio:g}: {sizes[low]} {study.percent(low, j)} → {sizes[high]} {study.percent(high, j)}"
            )
    return _counted(found, "no ratio shows it")


def transition_in_ratio(study: Study) -> Finding:
    """Pairs of ratios, at most a factor 8 apart, between which a size goes from near zero to learned."""
    grid, ratios = study.accuracies.grid, study.accuracies.ratios
    if len(ratios) < 2:
        return TOO_SMALL
    found = []
    for i, size in enumerate(study.accuracies.sizes):
        pair = _jump(ratios, grid[i], NEAR_ZERO_RATIO, LEARNED_RATIO)
        if pair:
            low, high = pair
            found.append(
                f"{size}: r = {ratios[low]:g} {study.percent(i, low)} → r = {ratios[high]:g} {study.percent(i, high)}"
            )
    return _counted(found, "no size shows it")


def critical_size_falls(study: Study) -> Finding:
    """Critical sizes in order of the ratio."""
    line = study.critical_line("size")
    values = line["value"].to_numpy()
    if len(study.accuracies.sizes) < 2 or len(values) < 2 or not np.isfinite(values).any():
        return TOO_SMALL
    points = [
        f"r = {ratio:g}: {parameters_text(value)} ({interval_text(low, high, parameters_text)})"
        for ratio, value, low, high in line[["ratio", "value", "low", "high"]].to_numpy(float)
    ]
    measured = "; ".join(points)
    if (values[1:] > values[:-1]).any() or values[-1] == values[0]:
        return Finding(measured, "not reproduced")
    separate = line["high"].iloc[-1] < line["low"].iloc[0]
    return Finding(measured, "reproduced" if separate else "partly")


def transition_in_loss(study: Study) -> Finding:
    """Where the loss on biographies falls fastest in log ratio, against the critical ratio, size by size."""
    cells = study.table[~study.table["diverged"] & (study.table["ratio"] > 0)]
    on_grid = study.critical_line("ratio").query("standing == 'on'")
    found, hits, sizes = [], 0, len(on_grid)
    for size, value in zip(on_grid["size"].tolist(), on_grid["value"].tolist(), strict=True):
        line = cells[cells["size"] == size].groupby("ratio")["bio_loss"].mean().sort_index()
        ratios = line.index.to_numpy(float)
        fall = -np.diff(line.to_numpy()) / np.diff(np.log(ratios))
        steepest = int(np.argmax(fall))
        critical = int(np.searchsorted(ratios, value)) - 1
        hits += abs(steepest - critical) <= 1
        found.append(
            f"{size}: steepest from r = {ratios[steepest]:g} to {ratios[steepest + 1]:g}"
            f" ({fall[steepest]:.2f} nats per unit of ln r), critical r = {value:.3g}"
        )
    if not found:
        return TOO_SMALL
    return Finding("; ".join(found), "not reproduced" if not hits else "reproduced" if hits == sizes else "partly")


def birth_date_lowest(study: Study) -> Finding:
    """Birth date's mean accuracy against the other attributes', over the cells that are neither near zero nor full."""
    cells = study.table[study.table["accuracy"].between(*TRANSITIONAL)][["size", "ratio", "seed"]]
    if cells.empty:
        return TOO_SMALL
    people = study.people.merge(cells, on=["size", "ratio", "seed"])
    people = people.assign(share=people["correct"] / people["asked"])
    by_person = people.groupby(["person", "attribute"])["share"].mean().unstack()[list(ATTRIBUTES)]  # noqa: PD010 - a Series has no pivot_table
    means = by_person.mean()
    others = [attribute for attribute in ATTRIBUTES if attribute != "birth_date"]
    difference = (by_person["birth_date"] - by_person[others].mean(axis=1)).to_numpy()
    rng = generator("birth date bootstrap")
    resamples = rng.integers(len(difference), size=(study.accuracies.analysis.bootstrap, len(difference)))
    low, high = study.accuracies.interval(difference[resamples].mean(axis=1))
    listed = ", ".join(f"{attribute.replace('_', ' ')} {100 * means[attribute]:.1f} %" for attribute in ATTRIBUTES)
    measured = (
        f"{len(cells)} cells: {listed}; birth date minus others"
        f" {100 * difference.mean():+.1f} points ({100 * low:+.1f} to {100 * high:+.1f})"
    )
    if means.idxmin() == "birth_date" and high < 0:
        return Finding(measured, "reproduced")
    return Finding(measured, "partly" if difference.mean() < 0 else "not reproduced")


TESTS: dict[str, Callable[[Study], Finding]] = {
    test.__name__: test
    for test in (transition_in_size, transition_in_ratio, critical_size_falls, transition_in_loss, birth_date_lowest)
}


def ledger(study: Study) -> pd.DataFrame:
    """A row a claim: ``id``, ``statement``, ``published``, ``criterion``, ``measured``, ``verdict``."""
    rows = []
    for claim in yaml.safe_load(CLAIMS.read_text(encoding="utf-8")):
        finding = TESTS[claim["test"]](study) if "test" in claim else Finding("", "not tested")
        kept = {key: claim.get(key, "") for key in ("id", "statement", "published", "criterion")}
        rows.append({**kept, "measured": finding.measured, "verdict": finding.verdict})
    return pd.DataFrame(rows)


def _jump(x: np.ndarray, accuracy: np.ndarray, low: float, high: float) -> tuple[int, int] | None:
    """Indices of the closest pair, ``accuracy`` ≤ low before ≥ high, positive x growing by at most ``SPAN``."""
    pairs = [
        (x[b] / x[a], a, b)
        for a in range(len(x))
        for b in range(a + 1, len(x))
        if accuracy[a] <= low and accuracy[b] >= high and x[b] <= SPAN * x[a]
    ]
    return min(pairs)[1:] if pairs else None


def _counted(found: list[str], none: str) -> Finding:
    verdict: Verdict = "reproduced" if len(found) >= 2 else "partly" if found else "not reproduced"
    return Finding("; ".join(found) or none, verdict)

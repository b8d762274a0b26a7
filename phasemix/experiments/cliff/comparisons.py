"""The law that sees the cliff beside laws that do not, asked about what none of them was fitted on.

**What is held out**:

- ``larger``: all cells of a size, predicted from smaller ones alone, of which there must be two;
- ``above`` and ``below``: the ratios of a size on the far side of the cliff, at which half of all questions or more are
  answered in the mean over seeds, or fewer; all other cells are seen.

Most laws know losses alone. The share of questions that are not answered is a loss too: so they are fitted to that
instead of the loss on the people, and what they say of it gives their recall accuracy, between 0 and 1. The sigmoid
knows recall alone.

**The scope** is ``all`` cells, or those of one number of people. Only the law that sees the cliff, and the sigmoid,
know how many facts there are. So laws that know losses alone are at a loss where the scope is ``all``, as they would be
on such runs, and know as much as the others where the number of people is one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from phasemix.experiments.cliff.cells import PEOPLE, WEB, runs_of
from phasemix.fitting.law import LawError
from phasemix.fitting.recall_sigmoid import fit_recall_sigmoid
from phasemix.fitting.runs import Runs
from phasemix.laws import load_law

CLIFF, SIGMOID = "cliff", "sigmoid"
SMOOTH = ("bimix-power", "transfer", "kriging", "joint")
ALL, LARGER = "all", "larger"
HALF = 0.5  # of all questions: the two sides of the cliff
LEAST_CELLS, LEAST_SIZES = 3, 2  # to be asked about; to be fitted on
LEAST_ERROR = 1e-3  # of all questions, where the share not answered is a loss
RATIOS = np.geomspace(0.01, 0.99, 400)

Asked = Mapping[str, np.ndarray]
"""``recall``, ``dense_loss`` and ``base_loss``, as far as a law has them, of shape (rows,)."""
Fitted = Callable[[Runs], Asked]
"""What a fitted law says of runs of people and web."""


@dataclass(frozen=True)
class HeldOut:
    """What is held out: ``kind`` as above, of a size in parameters; masks of the cells to fit on and to ask about."""

    kind: str
    parameters: float
    fit: np.ndarray
    ask: np.ndarray


def held_out(cells: pd.DataFrame) -> Iterator[HeldOut]:
    """All that is held out of some cells."""
    parameters = cells["parameters"].to_numpy(float)
    means = cells.groupby(["parameters", "people", "ratio"])["accuracy"].transform("mean")
    half = means.to_numpy() >= HALF
    for size in np.unique(parameters):
        own, smaller = parameters == size, parameters < size
        if len(np.unique(parameters[smaller])) >= LEAST_SIZES and own.sum() >= LEAST_CELLS:
            yield HeldOut(LARGER, size, smaller, own)
        for kind, side in (("above", own & half), ("below", own & ~half)):
            if side.sum() >= LEAST_CELLS:
                yield HeldOut(kind, size, ~side, side)


def fit_law(name: str, runs: Runs, seed: int) -> Fitted:
    """Any of the laws, fitted to runs of people and web.

    Raises:
        LawError: it cannot be fitted to these.
    """
    if name == SIGMOID:
        sigmoid = fit_recall_sigmoid(np.asarray(runs.size), _frequency(runs), np.asarray(runs.recall)[:, 0])
        return lambda asked: {"recall": sigmoid(np.asarray(asked.size), _frequency(asked))}
    if name == CLIFF:
        fit = load_law(CLIFF).fit(runs, seed)

        def asked_cliff(asked: Runs) -> Asked:
            losses = dict(zip(fit.targets, fit.predict(asked).T, strict=True))
            return {"recall": fit.recall(asked)[PEOPLE], "dense_loss": losses[PEOPLE], "base_loss": losses[WEB]}

        return asked_cliff
    assert runs.recall is not None
    missed = np.maximum(1 - runs.recall[:, 0], LEAST_ERROR)
    law, plain = load_law(name), _plain(runs)
    losses = law.fit(plain, seed)
    errors = law.fit(replace(plain, loss=np.stack([missed, plain.loss[:, 1]], axis=1)), seed)

    def asked_smooth(asked: Runs) -> Asked:
        dense, base = losses.predict(_plain(asked)).T
        return {
            "recall": np.clip(1 - errors.predict(_plain(asked))[:, 0], 0, 1),
            "dense_loss": dense,
            "base_loss": base,
        }

    return asked_smooth


def _plain(runs: Runs) -> Runs:
    """The runs without facts, of which most laws know nothing."""
    return replace(runs, facts=None, recall=None)


def _frequency(runs: Runs) -> np.ndarray:
    """How often a bit about people is shown, s·r/n, shape (n,)."""
    assert runs.facts is not None
    return np.asarray(runs.step) * runs.mixture[:, 0] / runs.facts[:, 0]


def predictions(cells: pd.DataFrame, people: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What every law says of what was held out, a row per law and cell; and critical ratios of held-out sizes.

    Args:
        cells: of :func:`phasemix.experiments.cliff.cells.read_cells`.
        people: the number of people of the cells on which all laws know the same.
        seed: of the fits.

    Returns:
        ``predictions.csv`` and, of held-out sizes, what laws say of recall over ratios: columns ``scope``, ``law``,
        ``size``, ``people``, ``ratio`` and ``recall``.
    """
    rows, curves = [], []
    one = cells[cells["people"] == people].reset_index(drop=True)
    for scope, part in ((ALL, cells), (str(people), one)):
        for case in held_out(part):
            for name in (CLIFF, SIGMOID, *SMOOTH):
                try:
                    fitted = fit_law(name, runs_of(part[case.fit]), seed)
                    said = fitted(runs_of(part[case.ask]))
                except LawError:
                    continue
                asked = part[case.ask].assign(scope=scope, held_out=case.kind, law=name)
                rows.append(asked.assign(**{f"{column}_predicted": values for column, values in said.items()}))
                if case.kind == LARGER:
                    curves += [
                        _curve(scope, name, fitted, of_count) for _, of_count in part[case.ask].groupby("people")
                    ]
    return pd.concat(rows, ignore_index=True), pd.concat(curves, ignore_index=True)


def with_errors(said: pd.DataFrame) -> pd.DataFrame:
    """Predictions with ``recall_error``, a distance, and the relative ``dense_loss_error`` and ``base_loss_error``."""
    return said.assign(
        recall_error=(said["recall_predicted"] - said["accuracy"]).abs(),
        **{f"{name}_error": (said[f"{name}_predicted"] / said[name] - 1).abs() for name in ("dense_loss", "base_loss")},
    )


def _curve(scope: str, name: str, fitted: Fitted, cells: pd.DataFrame) -> pd.DataFrame:
    """The law's recall over ratios, at the size and the number of people of the cells, which were held out."""
    first = cells.iloc[[0]]
    asked = first.loc[first.index.repeat(len(RATIOS))].assign(ratio=RATIOS)
    where = {"scope": scope, "law": name, "size": first["size"].iloc[0], "people": first["people"].iloc[0]}
    return pd.DataFrame({**where, "ratio": RATIOS, "recall": fitted(runs_of(asked))["recall"]})

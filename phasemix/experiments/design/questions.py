"""What mixing laws are asked about a designed set of runs.

============= ==========================================================================================
question      fitted on → predicted
============= ==========================================================================================
``mixtures``  every mixture is predicted by fits without it (cross-validation)
``steps``     all runs without their last fifth of steps → those steps
``size``      all smaller sizes → the size, on the mixtures that smaller ones were trained on, and on new ones
``learning``  so many mixtures → others, the same for all numbers; several draws
``six``       paper B's few mixtures, with all seeds or one, or as many of the design → the design's that are in neither
============= ==========================================================================================

All are asked at the size of paper B's runs. ``size``, ``learning`` and ``six`` have several ``setting``: which mixtures
are asked about, how many were fitted on, or which.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from phasemix.base.seeds import generator
from phasemix.experiments.design.spec import ASKED, LEARNING, LEAST_MIXTURES
from phasemix.fitting.comparison import COLUMNS, ERRORS, Comparison, compare
from phasemix.fitting.law import Law, LawError
from phasemix.fitting.runs import Runs
from phasemix.fitting.splits import Split, folds, hold_out

STEPS_HELD_OUT = 0.2
DRAWS = 4
SAME = 1e-3  # by which proportions may differ that are the same
OLD, NEW = "mixtures that smaller sizes have", "new mixtures"
SIX, SIX_ONCE, AS_MANY = "paper B's", "paper B's, one seed", "designed"


@dataclass(frozen=True)
class Designed:
    """The runs of a designed set, those of paper B's mixtures beside them, and how often mixtures are split.

    Attributes:
        runs: the designed set, at a few of its steps.
        at_all_steps: the designed set at all its steps.
        six: paper B's, at as few.
        folds: of the cross-validation over mixtures.
        seed: of how mixtures are drawn, and of fits.
    """

    runs: Runs
    at_all_steps: Runs
    six: Runs
    folds: int
    seed: int

    @property
    def size(self) -> float:
        """Parameters of paper B's runs, at whose size laws are asked."""
        assert self.six.size is not None
        return float(self.six.size.max())

    @property
    def own(self) -> Runs:
        """The designed set at that size, at a few steps."""
        return of_size(self.runs, self.size)


def of_size(runs: Runs, size: float) -> Runs:
    """The rows of one size."""
    assert runs.size is not None
    return runs.rows(runs.size == size)


def thinned(table: pd.DataFrame, points: int) -> pd.DataFrame:
    """The rows of a table of runs at ``points`` of their steps, evenly spaced and the last among them."""
    steps = np.sort(table["step"].unique())
    wanted = steps[np.unique(np.linspace(-1, len(steps) - 1, points + 1).round().astype(int)[1:])]
    return table[table["step"].isin(wanted)]


def ask(question: str, designed: Designed, laws: Sequence[Law]) -> Comparison:
    """Compare laws on one question.

    Where a question has settings, both tables have a further column ``setting``.

    Raises:
        LawError: no law can answer it.
    """
    return QUESTIONS[question](designed, laws)


def _mixtures(designed: Designed, laws: Sequence[Law]) -> Comparison:
    return compare(list(folds(designed.own, designed.folds, designed.seed)), laws, designed.seed)


def _steps(designed: Designed, laws: Sequence[Law]) -> Comparison:
    runs = of_size(designed.at_all_steps, designed.size)
    return compare([hold_out(runs, "steps", STEPS_HELD_OUT, designed.seed)], laws, designed.seed)


def _size(designed: Designed, laws: Sequence[Law]) -> Comparison:
    assert designed.runs.size is not None
    up_to = designed.runs.rows(designed.runs.size <= designed.size)
    smaller, larger = hold_out(up_to, "size", 0, designed.seed)
    new = _new(larger, smaller)
    asked = {OLD: larger.rows(~new), NEW: larger.rows(new)}
    settings = ((setting, [(smaller, runs)]) for setting, runs in asked.items() if len(runs))
    return _settings(settings, laws, designed.seed)


def _learning(designed: Designed, laws: Sequence[Law]) -> Comparison:
    runs = designed.own
    numbers = np.unique(runs.mixture_numbers)
    counts = [count for count in LEARNING if count <= len(numbers) - ASKED]
    if not counts:
        raise LawError(f"{len(numbers)} mixtures are too few for a learning curve: it needs {LEAST_MIXTURES}")
    settings = ((str(count), list(_draws(runs, numbers, count, ASKED, designed.seed))) for count in counts)
    return _settings(settings, laws, designed.seed)


def _draws(runs: Runs, numbers: np.ndarray, count: int, asked: int, seed: int) -> Iterator[Split]:
    """``asked`` mixtures to predict, the same in a draw whatever the ``count`` of others to fit on."""
    for draw in range(DRAWS):
        order = generator(seed, "designed mixtures", draw).permutation(numbers)
        parts = (order[asked : asked + count], order[:asked])
        fitted, predicted = (runs.rows(np.isin(runs.mixture_numbers, part)) for part in parts)
        yield fitted, predicted


def _six(designed: Designed, laws: Sequence[Law]) -> Comparison:
    """The design's mixtures are predicted by fits on paper B's, with all seeds or one, and on as many of its own."""
    six = designed.six
    runs = designed.own.rows(_new(designed.own, six))
    count = len(np.unique(six.mixture_numbers))
    others = len(np.unique(runs.mixture_numbers)) if len(runs) else 0
    if others < count + 1:
        raise LawError(f"{others} designed mixtures that paper B's are not among are too few beside {count} of these")
    draws = list(_draws(runs, np.unique(runs.mixture_numbers), count, others - count, designed.seed))
    asked = [test for _, test in draws]
    fitted = {SIX: [(six, test) for test in asked], SIX_ONCE: [(one_run_each(six), test) for test in asked]}
    return _settings([*fitted.items(), (AS_MANY, draws)], laws, designed.seed)


def one_run_each(runs: Runs) -> Runs:
    """The rows of the first run of every mixture."""
    first = np.unique(runs.mixture_numbers, return_index=True)[1]
    return runs.rows(np.isin(runs.run_numbers, runs.run_numbers[first]))


def _new(runs: Runs, others: Runs) -> np.ndarray:
    """Which rows have a mixture that none of the others has, shape (n,); both sets may have equal proportions."""
    apart = np.abs(runs.mixture[:, None] - others.aligned(runs.domains).mixture[None]).max(axis=2).min(axis=1)
    return np.asarray(apart > SAME)


def _settings(settings: Iterable[tuple[str, list[Split]]], laws: Sequence[Law], seed: int) -> Comparison:
    """Comparisons of several settings as one, with the column ``setting`` first; some laws answer only some."""
    tables, errors, notes = [], [], []
    for setting, splits in settings:
        try:
            found = compare(splits, laws, seed)
        except LawError as error:
            notes.append(f"{setting}: {error}")
            continue
        tables.append(found.table.assign(setting=setting)[["setting", *COLUMNS]])
        errors.append(found.errors.assign(setting=setting)[["setting", *ERRORS]])
        notes += [f"{setting}: {note}" for note in found.notes]
    if not tables:
        raise LawError("; ".join(notes))
    return Comparison(pd.concat(tables, ignore_index=True), notes, pd.concat(errors, ignore_index=True))


QUESTIONS: dict[str, Callable[[Designed, Sequence[Law]], Comparison]] = {
    "mixtures": _mixtures,
    "steps": _steps,
    "size": _size,
    "learning": _learning,
    "six": _six,
}

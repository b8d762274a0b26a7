"""RegMix's gradient-boosted trees."""

import base64
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from phasemix.base.seeds import generator, named_seed
from phasemix.fitting.law import CONFIDENCE, Fit, InapplicableError, Law, require_axes, require_mixtures
from phasemix.fitting.outside import SAME, sizes_beyond, steps_beyond
from phasemix.fitting.runs import Runs

if TYPE_CHECKING:  # the import takes a second
    import lightgbm

ROUNDS = 1000
LEARNING_RATE = 0.01
LEAST_ROWS = 40
GROUPS = 20  # of runs, each left out once by the jackknife behind an interval


class RegMixLightGBM(Law):
    """1,000 trees at a learning rate of .01 over the proportions, and ln s and ln N where they vary.

    RegMix stops early on its validation runs; here there are none beside those that are tested.
    """

    equation = "L_i = Σ_k tree_k(r, ln s, ln N)"
    source = "RegMix, arXiv 2407.01492; LightGBM with its settings, without early stopping"

    def check(self, runs: Runs) -> None:
        """See :meth:`Law.check`."""
        require_mixtures(self, runs)
        if len(runs) < LEAST_ROWS:
            problem = f"needs {LEAST_ROWS} rows, because a leaf holds 20 at least; there are {len(runs)}"
            raise InapplicableError(self.name, problem)

    def fit(self, runs: Runs, seed: int = 0) -> "TreesFit":
        """Fit every loss domain; see :meth:`Law.fit`."""
        self.check(runs)
        axes = runs.varying_axes
        features = _features(runs, axes)
        models = [_train(features, runs.loss[:, i], seed) for i in range(len(runs.targets))]
        notes = [f"trees are constant beyond the fitted {' and '.join(axes)}"] if axes else []
        return TreesFit(self, runs, axes, {}, notes, seed, models)

    def restore(self, runs: Runs, state: dict[str, Any], skipped: dict[str, str], notes: list[str]) -> "TreesFit":
        """See :meth:`Law.restore`."""
        models = [zlib.decompress(base64.b64decode(model)).decode() for model in state["models"]]
        return TreesFit(self, runs, tuple(state["axes"]), skipped, notes, state["seed"], models)


@dataclass
class TreesFit(Fit):
    """Fitted trees, in LightGBM's text format, one string a target."""

    has_slopes: ClassVar[bool] = False

    seed: int
    models: list[str]

    def predict(self, runs: Runs) -> np.ndarray:
        """See :meth:`Fit.predict`."""
        features = self._asked(runs)
        return np.column_stack([booster.predict(features, num_threads=0) for booster in self._boosters])

    def interval(self, runs: Runs, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`Fit.interval`: Student's, by the jackknife over groups of whole runs.

        It holds the noise of the runs, and not that trees are steps where losses are smooth. At other steps and sizes
        than those of the runs, for which trees say what they say at the nearest of these, there is none.
        """
        features, asked = self._asked(self.runs), self._asked(runs)
        group = self._groups()
        count = int(group.max()) + 1
        found = np.empty((count, len(runs), len(self.targets)))
        for g in range(count):
            kept = group != g
            for t in range(len(self.targets)):
                found[g, :, t] = _booster(_train(features[kept], self.runs.loss[kept, t], self.seed)).predict(asked)
        half = stdtrit(count - 1, (1 + confidence) / 2) * np.sqrt((count - 1) * found.var(axis=0))
        for beyond in (steps_beyond(self.runs, runs), sizes_beyond(self.runs, runs)):
            if beyond is not None:
                half[beyond > SAME] = np.nan
        middle = self.predict(runs)
        return middle - half, middle + half

    def parameters(self, confidence: float = CONFIDENCE) -> pd.DataFrame:  # noqa: ARG002 - trees have none to be sure of
        """How many trees and leaves; see :meth:`Fit.parameters`."""
        rows = []
        for target, booster in zip(self.targets, self._boosters, strict=True):
            for name, value in (("trees", booster.num_trees()), ("leaves", _leaves(booster))):
                rows.append((target, None, None, None, name, float(value), np.nan, np.nan, True))
        columns = ["domain", "run", "size", "step", "parameter", "value", "low", "high", "identified"]
        return pd.DataFrame(rows, columns=columns)

    def parameter_counts(self) -> np.ndarray:
        """The leaves of all trees."""
        return np.array([_leaves(booster) for booster in self._boosters])

    @property
    def state(self) -> dict[str, Any]:
        """See :attr:`Fit.state`; trees are compressed text in base64."""
        models = [base64.b64encode(zlib.compress(model.encode(), 9)).decode() for model in self.models]
        return {"axes": list(self.axes), "seed": self.seed, "models": models}

    def _groups(self) -> np.ndarray:
        """The group of every row, numbered from 0, all rows of a run in one; shape (rows,)."""
        numbers = self.runs.run_numbers
        order = generator(self.seed, self.law.name, "groups").permutation(int(numbers.max()) + 1)
        return np.asarray((order % GROUPS)[numbers])

    def _asked(self, runs: Runs) -> np.ndarray:
        """What the trees are asked about, shape (rows, features)."""
        runs = runs.aligned(self.runs.domains)
        require_axes(self.law, runs, self.axes)
        return _features(runs, self.axes)

    @cached_property
    def _boosters(self) -> list["lightgbm.Booster"]:
        return [_booster(model) for model in self.models]


def _features(runs: Runs, axes: tuple[str, ...]) -> np.ndarray:
    return np.column_stack([runs.mixture, *(np.log(getattr(runs, axis)) for axis in axes)])


def _train(features: np.ndarray, loss: np.ndarray, seed: int) -> str:
    import lightgbm  # noqa: PLC0415 - takes a second

    parameters = {
        "objective": "regression",
        "learning_rate": LEARNING_RATE,
        "seed": named_seed(seed, "lightgbm") % 2**31,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    return str(lightgbm.train(parameters, lightgbm.Dataset(features, loss), ROUNDS).model_to_string())


def _booster(model: str) -> "lightgbm.Booster":
    import lightgbm  # noqa: PLC0415 - takes a second

    return lightgbm.Booster(model_str=model)


def _leaves(booster: "lightgbm.Booster") -> int:
    return sum(tree["num_leaves"] for tree in booster.dump_model()["tree_info"])


LAW = RegMixLightGBM()

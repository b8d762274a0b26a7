"""The configuration of downstream tasks."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, NonNegativeInt, PositiveInt

from phasemix.evaluation.downstream_tasks import TaskList, is_installed, known_tasks
from phasemix.experiments.asking import Asking
from phasemix.experiments.experiment import Problem
from phasemix.study.cell_key import CellKey

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(Asking, TaskList):
    """The models of other experiments answer tasks of EleutherAI's lm-evaluation-harness.

    Attributes:
        asked: the experiments whose models are asked.
        sizes: of them; None: all.
        seeds: of them; None: all.
        tokens: that a model reads to answer everything, roughly; they decide the price alone.
    """

    kind: Literal["downstream"]
    asked: list[str] = Field(min_length=1)
    sizes: list[str] | None = None
    seeds: list[NonNegativeInt] | None = None
    tokens: PositiveInt = 5_000_000
    tables: ClassVar[tuple[str, ...]] = ("answers.csv", "means.csv")

    @property
    def options(self) -> dict[str, Any]:
        """What was asked, and how."""
        return self.model_dump(mode="json", include={"asked", "tasks", "shots"})

    @property
    def needs(self) -> list[str]:
        """The experiments that train the models."""
        return self.asked

    @property
    def task_list(self) -> TaskList:
        """What models are asked, as the jobs are told it."""
        return TaskList(tasks=self.tasks, shots=self.shots, include=self.include)

    @property
    def tokens_each(self) -> int:
        """The tokens above."""
        return self.tokens

    def models(self, config: Config) -> list[tuple[str, CellKey]]:
        """Those of all experiments that are asked, of these sizes and seeds."""
        return [
            (name, cell)
            for name in self.asked
            for cell in config.training[name].cells
            if self.sizes is None or cell.size in self.sizes
            if self.seeds is None or cell.seed in self.seeds
        ]

    def problems(self, config: Config) -> Iterator[Problem]:
        """Experiments that are not there, train nothing or stand twice, and cells that none of them has."""
        for i, name in enumerate(self.asked):
            if name not in config.experiments:
                yield ("asked", i), config.no_name(name, "experiments")
                return
            if name not in config.training:
                yield ("asked", i), f"is of kind {config.experiments[name].kind}, which trains no models"
                return
        if len(set(self.asked)) < len(self.asked):
            yield ("asked",), "names an experiment twice"
        cells = [cell for name in self.asked for cell in config.training[name].cells]
        for i, size in enumerate(self.sizes or []):
            if size not in {cell.size for cell in cells}:
                yield ("sizes", i), "is the size of no model that is asked"
        for i, seed in enumerate(self.seeds or []):
            if seed not in {cell.seed for cell in cells}:
                yield ("seeds", i), "is the seed of no model that is asked"
        if not self.models(config):
            yield ("sizes",), "and seeds leave no model to be asked"

    def missing(self) -> Iterator[Problem]:
        """The library, a folder, or tasks."""
        if not is_installed():
            yield (
                ("tasks",),
                "are asked by lm_eval, which is not installed: make environment EXTRAS=downstream",
            )
            return
        if self.include is not None and not Path(self.include).is_dir():
            yield ("include",), "no such folder"
            return
        known = known_tasks(self)
        for name in self.tasks:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                meant = f"; did you mean {close[0]!r}?" if close else ""
                yield ("tasks", name), f"is no task of lm_eval{'' if self.include is None else ' or of include'}{meant}"

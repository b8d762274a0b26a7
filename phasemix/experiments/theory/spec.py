"""The configuration of a test of the theory: critical points predicted with one constant, against those measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, PositiveInt

from phasemix.base.schema import Schema
from phasemix.experiments.experiment import Experiment, Problem
from phasemix.experiments.grid import GridOfRatios

if TYPE_CHECKING:
    from phasemix.study.config import Config

MEASURED = ("transition", "people")
SIZES, SEEDS = 4, 2  # of web-only cells, at least: the loss over sizes has 3 numbers, and intervals need its scatter


class Calibration(Schema):
    """The one size and the one number of people whose critical ratio sets the constant.

    Attributes:
        size: name of a model.
        people: N.
    """

    size: str
    people: PositiveInt


class Block(Schema):
    """Points to be predicted, whether they are measured or not: every size with every number of people.

    Attributes:
        sizes: names of models.
        people: numbers of people.
    """

    sizes: list[str] = Field(min_length=1)
    people: list[PositiveInt] = Field(min_length=1)


class Spec(Experiment):
    """Predictions depend on the web-only cells and on the calibration alone.

    So they can be written before anything else is measured: with ``predict``, and ``measured`` naming the experiment of
    the calibration only. Whatever is added to ``measured`` later changes none of them.

    Attributes:
        web: the experiment whose cells of ratio 0 give the loss on web text alone by size.
        measured: the experiments, of kinds transition and people, whose critical points are compared.
        calibration: where the constant is set: in the first of ``measured`` that has it.
        predict: points beyond those measured.
    """

    kind: Literal["theory"]
    web: str
    measured: list[str] = Field(min_length=1)
    calibration: Calibration
    predict: list[Block] = Field(default_factory=list)
    tables: ClassVar[tuple[str, ...]] = (
        "theory.json",
        "known.csv",
        "predictions.csv",
        "sizes.csv",
        "exponents.csv",
        "learner.csv",
        "capacity.csv",
    )

    @property
    def options(self) -> dict[str, Any]:
        """Which experiments are read for what, the calibration, and what else is predicted."""
        return self.model_dump(mode="json", include={"web", "measured", "calibration", "predict"})

    @property
    def reads(self) -> list[str]:
        """The experiment of web-only cells and those that are compared."""
        return list(dict.fromkeys([self.web, *self.measured]))

    def problems(self, config: Config) -> Iterator[Problem]:
        """Experiments that are not there or of other kinds."""
        if self.web not in config.experiments:
            yield ("web",), config.no_name(self.web, "experiments")
        for i, name in enumerate(self.measured):
            if name not in config.experiments:
                yield ("measured", i), config.no_name(name, "experiments")
            elif (kind := config.experiments[name].kind) not in MEASURED:
                yield ("measured", i), f"is of kind {kind}; it must be {' or '.join(MEASURED)}"

    def reads_problems(self, config: Config) -> Iterator[Problem]:
        """Too few web-only cells, and a calibration that nobody measures."""
        if not any(self._has_calibration(name, config) for name in self.measured):
            size, people = self.calibration.size, self.calibration.people
            yield ("calibration",), f"no experiment of measured has cells of {size} with {people} people"
        yield from self._web_problems(config)

    def _web_problems(self, config: Config) -> Iterator[Problem]:
        """Too few sizes or seeds of web-only cells, and sizes to predict that have none."""
        alone = {(key.size, key.seed) for key in config.experiments[self.web].cells if key.values.get("ratio") == 0}
        seeds = Counter(size for size, _ in sorted(alone))
        if len(seeds) < SIZES or min(seeds.values()) < SEEDS:
            there = ", ".join(f"{size} with {count}" for size, count in seeds.items()) or "none"
            needed = f"must have cells of ratio 0 at {SIZES} sizes or more, each with {SEEDS} seeds or more"
            yield ("web",), f"{needed}; it has {there}"
        for b, block in enumerate(self.predict):
            for i, size in enumerate(block.sizes):
                if size not in seeds:
                    yield ("predict", b, "sizes", i), f"is no size of the web-only cells: {', '.join(seeds)}"

    def _has_calibration(self, name: str, config: Config) -> bool:
        experiment = config.experiments[name]
        dense = config.sources.get(experiment.dense) if isinstance(experiment, GridOfRatios) else None
        people = dense.subjects if dense else None  # of a transition; cells of the kind people name theirs
        return any(
            (key.size, key.values.get("people", people)) == (self.calibration.size, self.calibration.people)
            for key in experiment.cells
        )

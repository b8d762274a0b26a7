"""The configuration of a study of reasoning: accuracy on problems over sizes and mixing ratios (A-Fig 5, 12)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, NonNegativeInt

from phasemix.base.schema import Name, Schema
from phasemix.experiments.experiment import Problem, Training
from phasemix.study.cell_key import CellKey, unique
from phasemix.study.mixture import MixtureSpec
from phasemix.tasks.problems.source import ProblemSource

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Block(Schema):
    """A full grid: every size on every task at every ratio with every seed.

    Attributes:
        sizes: names of models.
        tasks: names of ``tasks``.
        ratios: r, the fractions of all tokens that come from the corpus with problems.
        seeds: of weights and of the order of the data.
    """

    sizes: list[str] = Field(min_length=1)
    tasks: list[str] = Field(min_length=1)
    ratios: list[float] = Field(min_length=1)
    seeds: list[NonNegativeInt] = Field(min_length=1)


class Spec(Training):
    """Cells in which a fraction r of the tokens is a corpus that problems are embedded in, and the rest ``base``.

    Attributes:
        tasks: sources of problems, by the names that the grid calls them.
        host: the text that they are embedded in, as paper A embeds them in OpenWebMath.
        share: of problems in the tokens of that corpus.
        base: the source of the other tokens.
        critical_accuracy: a size or a ratio is critical where accuracy crosses this.
        grid: its cells are the union of these blocks; a cell in two of them is trained once.
    """

    kind: Literal["reasoning"]
    tasks: dict[Annotated[str, Name], str] = Field(min_length=1)
    host: str
    share: float = Field(gt=0, le=1)
    base: str
    critical_accuracy: float = Field(default=0.4, gt=0, lt=1)
    grid: list[Block] = Field(min_length=1)
    tables: ClassVar[tuple[str, ...]] = ("reasoning.csv", "accuracy.csv", "critical.csv", "shapes.csv")

    @cached_property
    def cells(self) -> list[CellKey]:
        """Every cell once, in the order of the blocks."""
        return unique(
            CellKey.of(size=size, task=task, ratio=ratio, seed=seed)
            for block in self.grid
            for size in block.sizes
            for task in block.tasks
            for ratio in block.ratios
            for seed in block.seeds
        )

    @property
    def options(self) -> dict[str, Any]:
        """Which source is which, and where accuracy is critical."""
        return self.model_dump(mode="json", include={"tasks", "host", "share", "base", "critical_accuracy"})

    def mixture(self, key: CellKey) -> MixtureSpec:
        """The cell's ratio of the corpus, and the problems' share of that."""
        ratio, problems = float(key.values["ratio"]), self.tasks[str(key.values["task"])]
        text = {self.host: ratio * (1 - self.share)} if self.share < 1 else {}
        return MixtureSpec.constant({problems: ratio * self.share, **text, self.base: 1 - ratio})

    def problems(self, config: Config) -> Iterator[Problem]:
        """Sources that hold no problems, and names, sizes and ratios that are not there."""
        yield from self._source_problems(config)
        for b, block in enumerate(self.grid):
            for i, size in enumerate(block.sizes):
                if size not in config.models:
                    yield ("grid", b, "sizes", i), config.no_name(size, "models")
            for i, name in enumerate(block.tasks):
                if name not in self.tasks:
                    known = ", ".join(self.tasks)
                    yield ("grid", b, "tasks", i), f"names none of the tasks; allowed: {known}"
            for i, ratio in enumerate(block.ratios):
                if not 0 < ratio < 1:
                    yield ("grid", b, "ratios", i), "must be above 0 and below 1"

    def _source_problems(self, config: Config) -> Iterator[Problem]:
        for name, source in self.tasks.items():
            if source in config.sources and not isinstance(config.sources[source], ProblemSource):
                yield ("tasks", name), "holds no problems: its task must be one of reasoning, such as slope"
            if source in (self.host, self.base):
                yield ("tasks", name), "is the host or the base itself"
        if self.host == self.base:
            yield ("host",), "is the base itself"

"""The specification of a mixture: how large a part of the training tokens each source is, and when."""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, Self

from pydantic import Field, PositiveInt, ValidationError, model_validator

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.base.schema import Schema, first_problem

ROUNDING = 1e-9  # by which proportions may miss a sum of 1
RESULTS, EXPERIMENT = "{results}", "{experiment}"  # in the paths of files: the scale's folder, the experiment's name


class Phase(Schema):
    """Constant proportions, by source, ``until`` so many tokens are trained; None: to the end of the run."""

    proportions: dict[str, float] = Field(min_length=1)
    until: PositiveInt | None = None

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        for source, proportion in self.proportions.items():
            if not 0 <= proportion <= 1:
                raise ValueError(f"the proportion of {source}, {proportion:g}, must be from 0 to 1")
        total = math.fsum(self.proportions.values())
        if abs(total - 1) > ROUNDING:
            raise ValueError(f"the proportions of {', '.join(self.proportions)} sum to {total:g}, not to 1")
        return self


class Steering(Schema):
    """A controller that sets the proportions on the way, by its name in ``phasemix/controllers/``, and its options.

    It is asked every ``every_tokens`` tokens, at the next segment of the stream, and measures the model on
    ``loss_tokens`` held-out tokens of every source (None: on as many as an evaluation on the way). Paths are those of
    :class:`MixtureSpec`.

    Attributes:
        reference: the folder of a finished run, with whose losses those of this run are compared.
        graph: a JSON file: by source, how much training on it helps each source.
    """

    controller: str
    every_tokens: PositiveInt
    loss_tokens: PositiveInt | None = None
    options: dict[str, float] = Field(default_factory=dict)
    reference: str | None = None
    graph: str | None = None

    @property
    def files(self) -> list[str]:
        """The files that it reads, compared by content; a manifest holds the checksum of a model."""
        manifest = f"{self.reference}/manifest.json" if self.reference else None
        return [path for path in (manifest, self.graph) if path]

    def placed(self, results: str, experiment: str) -> Self:
        """This steering with the folder of results and the experiment's name in its paths."""
        paths = {"reference": self.reference, "graph": self.graph}
        return self.model_copy(
            update={name: path and _placed(path, results, experiment) for name, path in paths.items()}
        )


class MixtureSpec(Schema):
    """What a run reads: phases of constant proportions, the last one open, or ``steering`` from the first on.

    All phases name the same sources in the same order; a proportion may be 0. The order decides how
    a source's random streams are named, so a source that is added later belongs at the end.

    With ``file``, a JSON file of proportions by source, or a list of them of as many as there are phases, the
    proportions are read from there when the run starts (:meth:`read`), and the phases name the sources and ends alone.
    Behind a ``#`` may follow the name of an entry, where a file holds several mixtures. The file's path may begin with
    ``{results}``, the folder of the scale's results, and hold ``{experiment}``, the name of this one
    (:meth:`placed`): so a kind of experiment may take it from rules of its own, or from another experiment, which it
    then needs.

    With ``influences``, a file as :mod:`phasemix.corpora.document_influences` has it, documents inside the sources that
    it names are drawn by how influential they are; without, at random.
    """

    phases: list[Phase] = Field(min_length=1)
    steering: Steering | None = None
    file: str | None = None
    influences: str | None = None

    @classmethod
    def constant(cls, proportions: Mapping[str, float], steering: Steering | None = None) -> Self:
        """One mixture from the beginning to the end, or the first one of a controller."""
        return cls(phases=[Phase(proportions=dict(proportions))], steering=steering)

    def placed(self, results: str, experiment: str) -> Self:
        """This mixture with the folder of results and the experiment's name in the paths of its files."""
        paths = {"file": self.file, "influences": self.influences}
        placed = {name: path and _placed(path, results, experiment) for name, path in paths.items()}
        steering = self.steering and self.steering.placed(results, experiment)
        return self.model_copy(update={**placed, "steering": steering}) if self.files else self

    @property
    def files(self) -> list[str]:
        """The files that it reads, compared by content."""
        own = [self.file.partition("#")[0]] if self.file else []
        own += [self.influences] if self.influences else []
        return [*own, *(self.steering.files if self.steering else [])]

    def read(self) -> Self:
        """This mixture with the proportions of its file, and without one; itself, if it has none.

        Raises:
            PhasemixError: the file is not there, or holds no proportions of these sources.
        """
        if self.file is None:
            return self
        try:
            phases = list(map(self._phase, self.phases, self._of_phases(*self.file.partition("#")[::2])))
        except (OSError, ValueError) as error:
            problem = first_problem(error) if isinstance(error, ValidationError) else error
            raise PhasemixError(f"{self.file}: holds no proportions of the sources: {problem}") from error
        return self.model_copy(update={"phases": phases, "file": None})

    def _of_phases(self, path: str, entry: str) -> list[Any]:
        """What a file holds, phase by phase."""
        found: Any = read_json(path)
        if entry:
            if not isinstance(found, dict) or entry not in found:
                raise ValueError(f"it has no entry {entry}")
            found = found[entry]
        phases = found if isinstance(found, list) else [found]
        if len(phases) != len(self.phases):
            raise ValueError(f"it holds {len(phases)} phases, not {len(self.phases)}")
        return phases

    def _phase(self, phase: Phase, found: Any) -> Phase:
        if not isinstance(found, dict) or found.keys() != set(self.sources):
            raise ValueError(f"it must hold a number for each of {', '.join(self.sources)}, and nothing else")
        return Phase(proportions={source: found[source] for source in self.sources}, until=phase.until)

    @property
    def known(self) -> bool:
        """Whether the proportions of the whole run are known before it starts."""
        return self.steering is None and self.file is None

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources, in order."""
        return tuple(self.phases[0].proportions)

    @property
    def proportions(self) -> dict[str, float]:
        """The proportions at the beginning, by source."""
        return dict(self.phases[0].proportions)

    @model_validator(mode="after")
    def _phases_follow_each_other(self) -> Self:
        if any(tuple(phase.proportions) != self.sources for phase in self.phases):
            raise ValueError("all phases must name the same sources in the same order")
        *closed, last = [phase.until for phase in self.phases]
        ends = [until for until in closed if until is not None]
        if len(ends) != len(closed) or ends != sorted(set(ends)):
            raise ValueError("every phase but the last needs until, and these must rise")
        if last is not None:
            raise ValueError("the last phase goes on to the end of the run: leave out its until")
        if self.steering and closed:
            raise ValueError("a mixture that is steered has one phase, its first proportions")
        return self


def _placed(path: str, results: str, experiment: str) -> str:
    return path.replace(RESULTS, results).replace(EXPERIMENT, experiment)


@cache  # thousands of cells ask for few ratios
def mixed_at(ratio: float, dense: str, base: str) -> MixtureSpec:
    """Paper A's mixture: a fraction ``ratio`` of all tokens from the source ``dense``, the rest from ``base``."""
    return MixtureSpec.constant({dense: ratio, base: 1 - ratio})

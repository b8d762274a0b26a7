"""The configuration of a study: one typed schema. :func:`phasemix.study.overlays.load` checks it whole."""

import difflib
from collections.abc import Iterable
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, NonNegativeInt, SerializeAsAny, field_validator

from phasemix.base.schema import Identifier, Name, Schema
from phasemix.experiments.experiment import Experiment, Training, kinds
from phasemix.experiments.experiment import spec_of as kind_spec
from phasemix.planning.spec import Hardware
from phasemix.study.analysis import Analysis
from phasemix.study.cell import Architecture, Cell
from phasemix.study.cell_key import CellKey
from phasemix.study.evaluation import Evaluation
from phasemix.study.tokenizers import TokenizerSpec
from phasemix.tasks.source import Source, tasks
from phasemix.tasks.source import spec_of as task_spec

LARGEST_SEED = 2**63 - 1

if TYPE_CHECKING:
    AnySource = Source
    AnyExperiment = Experiment
else:
    AnySource = Annotated[reduce(or_, [task_spec(task) for task in tasks()]), Field(discriminator="task")]
    AnyExperiment = Annotated[reduce(or_, [kind_spec(kind) for kind in kinds()]), Field(discriminator="kind")]


class Config(Schema):
    """The whole configuration: config.yaml with an overlay of ``scales/`` on it.

    Attributes:
        scale: its name; results go to ``results/<scale>/``.
        seed: the root of all randomness.
        run: the experiments that the study runs: names of the section ``experiments``, or ``all``.
        sources: of training text, by name; ``task`` says what each is.
        tokenizers: by name.
        models: the sizes, by name.
        experiments: by name; ``kind`` says what each is. A scale leaves one out by null.
        evaluation: what cells are asked, unless their experiment says otherwise.
        analysis: how sure intervals shall be, unless their experiment says otherwise.
        hardware: what cells train on.
        hardware_file: another file with a section ``hardware``, laid on the one of config.yaml; profiles name theirs.
    """

    scale: str = Name
    seed: NonNegativeInt = Field(le=LARGEST_SEED)
    run: list[str] | Literal["all"]
    sources: dict[Annotated[str, Name], SerializeAsAny[AnySource]] = Field(min_length=1)
    tokenizers: dict[Annotated[str, Name], TokenizerSpec]
    models: dict[Annotated[str, Name], Architecture] = Field(min_length=1)
    experiments: dict[Annotated[str, Identifier], SerializeAsAny[AnyExperiment]]
    evaluation: Evaluation
    analysis: Analysis
    hardware: Hardware
    hardware_file: str | None = None

    @field_validator("run", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        """``all``, or names, which a command line joins by commas."""
        if isinstance(value, str) and value != "all":
            return [name.strip() for name in value.split(",")]
        if value != "all" and not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
            raise ValueError("must be all, or names of experiments")
        return value

    @cached_property
    def running(self) -> dict[str, Experiment]:
        """The experiments that the study runs, by name."""
        return {name: each for name, each in self.experiments.items() if self.run == "all" or name in self.run}

    @cached_property
    def needed(self) -> dict[str, Experiment]:
        """The experiments that the study runs and, before each, those that it needs, by name."""
        return {name: self.experiments[name] for name in self.in_order(self.running)}

    @cached_property
    def read(self) -> list[str]:
        """The sources that these read, in the order of the configuration, and those of tokenizers trained for them."""
        tokenizers = {str(getattr(each, "tokenizer", "")) for each in self.needed.values()} & self.tokenizers.keys()
        names = {source for each in self.needed.values() for source in each.sources}
        names |= {source for tokenizer in tokenizers for source in self.tokenizers[tokenizer].sources}
        return [name for name in self.sources if name in names]

    def in_order(self, names: Iterable[str]) -> list[str]:
        """The names of experiments and, before each, of those that it needs; each once."""
        found: dict[str, None] = {}
        for name in names:
            if name not in found:
                found |= dict.fromkeys(self.in_order(self.experiments[name].needs))
                found[name] = None
        return list(found)

    @cached_property
    def training(self) -> dict[str, Training]:
        """Of all experiments, those that train cells."""
        return {name: each for name, each in self.experiments.items() if isinstance(each, Training)}

    def cell(self, experiment: str, key: CellKey) -> Cell:
        """The specification of one cell of an experiment."""
        return self.training[experiment].cell(key, self)

    def source(self, name: str) -> Source:
        """A source by its name."""
        return self.sources[name]

    def no_name(self, word: str, section: str) -> str:
        """That a word is no name in a section, and which name is near, for a message."""
        return f"names none of the {section}" + nearest(word, getattr(self, section))


def nearest(word: str, allowed: Iterable[str]) -> str:
    """What is allowed instead of ``word``, and what may have been meant, to end a message with."""
    allowed = list(allowed)
    close = difflib.get_close_matches(word, allowed, n=1)
    choice = f"; did you mean {close[0]!r}?" if close else ";"
    return f"{choice} allowed: {', '.join(allowed)}"

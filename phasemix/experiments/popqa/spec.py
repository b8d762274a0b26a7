"""The configuration of a study of PopQA: which models are asked, how, and which judge says what is right."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, field_validator, model_validator

from phasemix.base.schema import REVISION, Name, Schema
from phasemix.experiments.experiment import Experiment, ModelJob, Problem
from phasemix.popularity.threshold_popularity import TARGET, TOLERANCE

if TYPE_CHECKING:
    from phasemix.study.config import Config

JUDGE = "judge"
"""The judge's name among the models."""
NEWEST = "main"
QUESTIONS = 14_267  # of PopQA, for prices
EXAMPLE_TOKENS, LINE_TOKENS, VERDICT_TOKENS = 22, 10, 120  # of an example, a line that is said, and what a judge reads


class Dataset(Schema):
    """Where PopQA is.

    Attributes:
        hub: its name on the hub.
        revision: the hub's: a full commit hash.
        split: the hub's.
        file: a copy with PopQA's fields: .tsv, .csv, .parquet or .jsonl.
    """

    hub: str | None = None
    revision: str | None = Field(default=None, pattern=REVISION)
    split: str = "test"
    file: str | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.hub is None) == (self.file is None):
            raise ValueError("needs one of hub, the name of a dataset, and file, a copy of it")
        if (self.hub is None) != (self.revision is None):
            raise ValueError("a dataset of the hub is pinned by revision, and a file is not")
        return self


class LanguageModel(Schema):
    """A language model that answers here.

    Attributes:
        hub: its name on the hub.
        revision: the hub's: a full commit hash; or ``main``, and results say which commit that was.
        folder: one that holds it, as ``save_pretrained`` leaves it.
        parameters: how many it has.
    """

    hub: str | None = None
    revision: str | None = None
    folder: str | None = None
    parameters: PositiveFloat

    @property
    def places(self) -> dict[str, str | None]:
        """Where its answers come from, of which there is one."""
        return {"hub": self.hub, "folder": self.folder}

    @property
    def place(self) -> str:
        """The place as options of scripts/popqa_model.py."""
        options = {"hub": self.hub, "revision": self.revision, "folder": self.folder}
        return shlex.join(word for name, value in options.items() if value for word in (f"--{name}", value))

    @property
    def files(self) -> list[str]:
        """The files of its folder, if it is in one."""
        return [str(path) for path in sorted(Path(self.folder).glob("*")) if path.is_file()] if self.folder else []

    @property
    def where(self) -> str | Path | None:
        """Its name on the hub, or its folder; two models that have the same are one."""
        return Path(self.folder).resolve() if self.folder else self.hub

    @field_validator("revision")
    @classmethod
    def _commit_or_newest(cls, value: str | None) -> str | None:
        if value not in (None, NEWEST) and not re.fullmatch(REVISION, str(value)):
            raise ValueError(f"must be a full commit hash, 40 digits and letters from a to f, or {NEWEST}")
        return value

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in self.places.values()) != 1:
            raise ValueError(f"needs one of {', '.join(self.places)}")
        if (self.hub is None) != (self.revision is None):
            raise ValueError("a model of the hub has a revision, and no other has")
        return self


class Model(LanguageModel):
    """A model whose size is known, or inferred.

    Attributes:
        answers: a table of its answers, if it was asked elsewhere (:mod:`phasemix.popularity.popqa.answers`).
        parameters: how many it has; None, of a model that was asked elsewhere, where they are not known.
        family: of models, for figures.
        held_out: whether the law is fitted without it, though its size is known.
    """

    answers: str | None = None
    parameters: PositiveFloat | None  # type: ignore[assignment]  # those of answers may be unknown
    family: str = ""
    held_out: bool = False

    @property
    def places(self) -> dict[str, str | None]:
        """Where its answers come from, of which there is one."""
        return {**super().places, "answers": self.answers}

    @model_validator(mode="after")
    def _known_size(self) -> Self:
        if self.parameters is None and self.answers is None:
            raise ValueError("a model that answers here needs its parameters, by which its job is priced; see held_out")
        return self


class Spec(Experiment):
    """Models are asked PopQA, and the size of each is inferred from those of the others.

    Attributes:
        dataset: where PopQA is.
        models: those that are asked, or were asked elsewhere, by name.
        shots: examples in every prompt.
        max_new_tokens: that an answer may have.
        batch_size: questions at a time.
        judge: the model that says whether an answer is right; None: PopQA's own criterion does.
        target_accuracy: that facts must be known with.
        fault_tolerance: popularities in a row that may miss it.
    """

    kind: Literal["popqa"]
    dataset: Dataset
    models: dict[Annotated[str, Name], Model] = Field(min_length=1)
    shots: NonNegativeInt = 15
    max_new_tokens: PositiveInt = 128
    batch_size: PositiveInt = 16
    judge: LanguageModel | None = None
    target_accuracy: float = Field(default=TARGET, gt=0, lt=1)
    fault_tolerance: NonNegativeInt = TOLERANCE
    tables: ClassVar[tuple[str, ...]] = (
        "answers.parquet",
        "agreement.csv",
        "thresholds.csv",
        "inferred.csv",
        "law.json",
    )

    @property
    def asked(self) -> dict[str, LanguageModel]:
        """The models that answer here, the judge among them, by name."""
        found: dict[str, LanguageModel] = {name: each for name, each in self.models.items() if each.answers is None}
        return found | ({JUDGE: self.judge} if self.judge else {})

    @property
    def elsewhere(self) -> dict[str, str]:
        """The tables of the models that were asked elsewhere, by name."""
        return {name: each.answers for name, each in self.models.items() if each.answers is not None}

    @staticmethod
    def key_of(name: str) -> str:
        """The key of this section that names where a model is; that of the judge is among them."""
        return name if name == JUDGE else f"models.{name}"

    @property
    def options(self) -> dict[str, Any]:
        """What is said of the models, which judge there is, how they were asked, and the numbers of the estimator."""
        said = {"parameters", "family", "held_out"}
        return {
            "models": {name: each.model_dump(mode="json", include=said) for name, each in self.models.items()},
            "judge": self.judge and (self.judge.hub or self.judge.folder),
            **self.model_dump(mode="json", include={"shots", "target_accuracy", "fault_tolerance"}),
        }

    @property
    def model_jobs(self) -> list[ModelJob]:
        """Every model is asked, and then judged."""
        found = []
        for name, model in self.models.items():
            if model.answers is None:
                tokens = QUESTIONS * ((self.shots + 1) * EXAMPLE_TOKENS + LINE_TOKENS)
                found.append(ModelJob("answer", name, name, float(model.parameters or 0), tokens, model.hub))
            if self.judge:
                tokens = QUESTIONS * VERDICT_TOKENS
                found.append(ModelJob("judge", name, JUDGE, self.judge.parameters, tokens, self.judge.hub))
        return found

    def problems(self, config: Config) -> Iterator[Problem]:
        """Models whose names are those of other things, and a judge that is asked as well."""
        for name, model in self.models.items():
            if name == JUDGE:
                yield ("models", name), "is the judge's name; choose another"
            elif name in config.models:
                yield ("models", name), "is the name of a size of the section models as well; choose another"
            elif name.replace(".", "").isdigit():
                yield ("models", name), "is a number; choose a name"
            if self.judge and self.judge.where == model.where:
                yield (JUDGE,), f"is the model models.{name}, and would judge itself; choose another"

    def missing(self) -> Iterator[Problem]:
        """Files and folders that are not there."""
        if self.dataset.file and not Path(self.dataset.file).is_file():
            yield ("dataset", "file"), "no such file"
        for name, model in self.models.items():
            if model.answers and not Path(model.answers).is_file():
                yield ("models", name, "answers"), "no such file"
        keys = {name: ("models", name) if name in self.models else (name,) for name in self.asked}
        for name, asked in self.asked.items():
            if asked.folder and not (Path(asked.folder) / "config.json").is_file():
                yield (*keys[name], "folder"), "holds no model: it has no config.json, which save_pretrained leaves"

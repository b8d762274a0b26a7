"""The options of SynBio as a source."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import Field, PositiveInt

from phasemix.tasks.source import Problem, Source
from phasemix.tasks.synbio.groups import Groups
from phasemix.tasks.synbio.subsampling import shown_people
from phasemix.tasks.synbio.templates import ATTRIBUTES, TEMPLATES_PER_ATTRIBUTE
from phasemix.tasks.synbio.values import Values, lists_checksum

BIOGRAPHY_BYTES = 300  # of text


class Spec(Source):
    """SynBio-N: biographies of N invented people, shown over and over.

    Attributes:
        people: N.
        values: how many values names and attributes are drawn from.
        groups: people of different frequency; None: everybody is shown equally often.
        subsampling: the share ρ of the people who are shown in training, the first ones; all are asked about (A-Fig
            8a).
        heldout_templates: of the five templates of every attribute, those never shown in training; they are asked
            all the same.
    """

    task: Literal["synbio"]
    people: PositiveInt
    values: Values = Values()
    groups: Groups | None = None
    subsampling: float = Field(default=1, gt=0, le=1)
    heldout_templates: int = Field(default=0, ge=0, lt=TEMPLATES_PER_ATTRIBUTE)
    sampled_from_corpus: ClassVar[bool] = False

    @property
    def sampled(self) -> dict[str, Any]:
        """What people are drawn from: tokenizers are trained on others than those studied."""
        return self.model_dump(mode="json", include={"task", "values"}) | {"lists": lists_checksum()}

    @property
    def corpus(self) -> dict[str, Any]:
        """The people alone: how they are shown is decided in training."""
        return self.sampled | {"people": self.people}

    @property
    def training(self) -> dict[str, Any]:
        """Who is shown how often, by which templates, and what they could have been."""
        return self.model_dump(mode="json", include={"task", "values", "groups", "subsampling", "heldout_templates"})

    @property
    def least_tokens(self) -> None:
        """Biographies are worded anew at every exposure, as in paper A."""
        return

    @property
    def subjects(self) -> int:
        """The people."""
        return self.people

    @property
    def questions_per_subject(self) -> int:
        """Every attribute by every template."""
        return len(ATTRIBUTES) * TEMPLATES_PER_ATTRIBUTE

    @property
    def holds_out_wordings(self) -> bool:
        """Whether templates are held out."""
        return self.heldout_templates > 0

    @property
    def corpus_bytes(self) -> float:
        """About a biography of everybody."""
        return float(BIOGRAPHY_BYTES * self.people)

    def problems(self) -> Iterator[Problem]:
        """More values than the lists have, more people than names, groups that are not equal."""
        for field, problem in self.values.problems():
            yield ("values", field), problem
        names = self.values.unique_names
        if self.people > names:
            yield ("people",), f"is more than the {names} unique names that values allow"
        if self.groups and self.people % self.groups.count:
            yield ("groups", "count"), f"must divide the {self.people} people evenly"
        if self.groups and self.subsampling < 1:
            yield ("subsampling",), "is for people who are all shown equally often: leave out groups"
        if not shown_people(self.people, self.subsampling):
            yield ("subsampling",), f"leaves none of the {self.people} people"

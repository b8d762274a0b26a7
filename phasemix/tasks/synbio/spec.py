"""The options of SynBio as a source."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from phasemix.tasks.source import Problem
from phasemix.tasks.synbio.groups import Groups
from phasemix.tasks.synbio.people_source import PeopleSource
from phasemix.tasks.synbio.subsampling import shown_people
from phasemix.tasks.synbio.templates import ATTRIBUTES, TEMPLATES_PER_ATTRIBUTE

BIOGRAPHY_BYTES = 300  # of text


class Spec(PeopleSource):
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
    groups: Groups | None = None
    subsampling: float = Field(default=1, gt=0, le=1)
    heldout_templates: int = Field(default=0, ge=0, lt=TEMPLATES_PER_ATTRIBUTE)

    @property
    def training(self) -> dict[str, Any]:
        """Who is shown how often, by which templates, and what they could have been."""
        return self.model_dump(mode="json", include={"task", "values", "groups", "subsampling", "heldout_templates"})

    @property
    def subjects(self) -> int:
        """The people."""
        return self.people

    @property
    def questions_per_subject(self) -> int:
        """Every attribute by every template."""
        return len(ATTRIBUTES) * TEMPLATES_PER_ATTRIBUTE

    @property
    def subsamples(self) -> bool:
        """Cells may leave out people where all are shown equally often."""
        return self.groups is None

    @property
    def holds_out_wordings(self) -> bool:
        """Whether templates are held out."""
        return self.heldout_templates > 0

    @property
    def corpus_bytes(self) -> float:
        """About a biography of everybody."""
        return float(BIOGRAPHY_BYTES * self.people)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with its people, groups that are not equal, and nobody who is shown."""
        yield from super().problems()
        if self.groups and self.people % self.groups.count:
            yield ("groups", "count"), f"must divide the {self.people} people evenly"
        if self.groups and self.subsampling < 1:
            yield ("subsampling",), "is for people who are all shown equally often: leave out groups"
        if not shown_people(self.people, self.subsampling):
            yield ("subsampling",), f"leaves none of the {self.people} people"

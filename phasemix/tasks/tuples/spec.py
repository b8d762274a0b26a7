"""The options of compact tuples as a source."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import PositiveInt

from phasemix.tasks.source import Problem, Source
from phasemix.tasks.synbio.values import Values, lists_checksum

TUPLE_BYTES = 120  # of text


class Spec(Source):
    """Everything that SynBio tells of N people, each in one short tuple; nothing is asked about them here.

    Attributes:
        people: N; with the same ``values``, the people are those of a SynBio with as many.
        values: how many values names and attributes are drawn from.
    """

    task: Literal["tuples"]
    people: PositiveInt
    values: Values = Values()
    sampled_from_corpus: ClassVar[bool] = False

    @property
    def corpus(self) -> dict[str, Any]:
        """The people."""
        return self.sampled | {"people": self.people}

    @property
    def sampled(self) -> dict[str, Any]:
        """What people are drawn from: tokenizers are trained on others than those studied."""
        return self.model_dump(mode="json", include={"task", "values"}) | {"lists": lists_checksum()}

    @property
    def least_tokens(self) -> None:
        """Tuples are shown over and over, each time in a fresh order."""
        return

    @property
    def subjects(self) -> int:
        """What is asked about these people, their SynBio asks."""
        return 0

    @property
    def questions_per_subject(self) -> int:
        """None."""
        return 0

    @property
    def corpus_bytes(self) -> float:
        """About a tuple of everybody."""
        return float(TUPLE_BYTES * self.people)

    def problems(self) -> Iterator[Problem]:
        """More values than the lists have, and more people than names."""
        for field, problem in self.values.problems():
            yield ("values", field), problem
        names = self.values.unique_names
        if self.people > names:
            yield ("people",), f"is more than the {names} unique names that values allow"

"""The options of all sources about invented people."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field, PositiveInt

from phasemix.tasks.source import Problem, Source
from phasemix.tasks.synbio.fetched_lists import FetchedList, ListName
from phasemix.tasks.synbio.values import Values, lists_checksum


class PeopleSource(Source):
    """Texts about N invented people, shown over and over; of the same N and values, they are the same people.

    Attributes:
        people: N.
        values: how many values names and attributes are drawn from.
        lists: lists to take in the place of those here, by their names: the literature's own, or the user's.
    """

    people: PositiveInt
    values: Values = Values()
    lists: dict[ListName, FetchedList] = Field(default_factory=dict)

    @property
    def sampled_from_corpus(self) -> bool:
        """Drawn."""
        return False

    @property
    def sampled(self) -> dict[str, Any]:
        """What people are drawn from: tokenizers are trained on others than those studied."""
        return self.model_dump(mode="json", include={"task", "values"}) | {"lists": lists_checksum()} | self._fetched

    @property
    def corpus(self) -> dict[str, Any]:
        """The people alone: how they are shown is decided in training."""
        return self.sampled | {"people": self.people}

    @property
    def about(self) -> dict[str, Any]:
        """The people."""
        return self.model_dump(mode="json", include={"people", "values"}) | self._pins

    @property
    def _fetched(self) -> dict[str, Any]:
        return {"fetched": self.model_dump(mode="json", include={"lists"})["lists"]} if self.lists else {}

    @property
    def _pins(self) -> dict[str, Any]:
        """What the lists hold, wherever they are from."""
        return {"fetched": {name: one.sha256.lower() for name, one in self.lists.items()}} if self.lists else {}

    @property
    def least_tokens(self) -> None:
        """Texts are worded anew at every exposure, as in paper A."""
        return

    def problems(self) -> Iterator[Problem]:
        """More values than the lists have, and more people than names."""
        for field, problem in self.values.problems(self.lists):
            yield ("values", field), problem
        names = self.values.unique_names
        if self.people > names:
            yield ("people",), f"is more than the {names} unique names that values allow"

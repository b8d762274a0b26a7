"""The options of compact tuples as a source."""

from typing import Literal

from phasemix.tasks.synbio.people_source import PeopleSource

TUPLE_BYTES = 120  # of text


class Spec(PeopleSource):
    """Everything that SynBio tells of N people, each in one short tuple; nothing is asked about them here.

    Attributes:
        people: N.
        values: how many values names and attributes are drawn from.
    """

    task: Literal["tuples"]

    @property
    def corpus_bytes(self) -> float:
        """About a tuple of everybody."""
        return float(TUPLE_BYTES * self.people)

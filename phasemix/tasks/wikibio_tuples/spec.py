"""The options of WikiBio's compact tuples as a source."""

from typing import Literal

from phasemix.tasks.wikibio.spec import BiographySource

TUPLE_BYTES = 60  # of text


class Spec(BiographySource):
    """Name, birth date and occupation of the people of a WikiBio, each in one short tuple; nothing is asked here."""

    task: Literal["wikibio_tuples"]

    @property
    def corpus_bytes(self) -> float:
        """About a tuple of everybody."""
        return float(TUPLE_BYTES * self.people)

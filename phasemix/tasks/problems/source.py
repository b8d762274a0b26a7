"""The options that all kinds of problems have as sources."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from pydantic import Field, PositiveInt

from phasemix.tasks.problems.problem import Problems
from phasemix.tasks.source import Problem, Source

PROBLEM_BYTES = 150  # of text
LARGEST_SHARE = 0.5  # of all problems that may be held out


class ProblemSource(Source):
    """Problems with worked answers, each drawn anew; some are never shown, and asked about.

    Attributes:
        numbers: they are whole numbers from 0 up to this, which is not among them.
        heldout: how many problems are held out (paper A: 1,000).
    """

    numbers: int = Field(ge=2)
    heldout: PositiveInt = 1000

    @property
    @abstractmethod
    def problems_asked(self) -> Problems:
        """The kind of problems, by the options."""

    @property
    def corpus(self) -> dict[str, Any]:
        """Everything: it decides which problems are held out."""
        return self.model_dump(mode="json")

    @property
    def sampled_from_corpus(self) -> bool:
        """Drawn."""
        return False

    @property
    def sampled(self) -> dict[str, Any]:
        """Everything, as problems are drawn for tokenizers too."""
        return self.model_dump(mode="json")

    @property
    def training(self) -> dict[str, Any]:
        """What problems are drawn from; which are held out is in the corpus."""
        return self.model_dump(mode="json", exclude={"heldout"})

    @property
    def least_tokens(self) -> None:
        """Problems are drawn on the way."""
        return

    @property
    def subjects(self) -> int:
        """The problems that are held out."""
        return self.heldout

    @property
    def questions_per_subject(self) -> int:
        """Each is asked once."""
        return 1

    @property
    def corpus_bytes(self) -> float:
        """About what is held out."""
        return float(PROBLEM_BYTES * self.heldout)

    def problems(self) -> Iterator[Problem]:
        """More held-out problems than half of all there are."""
        space = self.problems_asked.space
        if self.heldout > LARGEST_SHARE * space:
            yield ("heldout",), f"is more than half of the {space:,.0f} problems that differ in more than their order"

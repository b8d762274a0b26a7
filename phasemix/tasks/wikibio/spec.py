"""The options of WikiBio as a source."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PositiveInt

from phasemix.base.schema import Schema
from phasemix.tasks.source import Problem, Source
from phasemix.tasks.synbio.subsampling import shown_people
from phasemix.tasks.synbio.values import Values

TEXT_BYTES = 500  # of text
ENDINGS = (".csv", ".parquet")


class Invented(Schema):
    """A table that the workflow makes (:mod:`phasemix.tasks.wikibio.invented`).

    Attributes:
        paraphrases: of every text.
        values: what names, birth dates and the rest are drawn from.
    """

    paraphrases: int = Field(default=10, ge=1, le=10)
    values: Values = Values()


class BiographySource(Source):
    """Whom sources of biographies are about: the people of a user's table, or invented ones.

    Attributes:
        people: how many; of a table's, drawn at random.
        table: a file (:mod:`phasemix.tasks.wikibio.biographies`).
        invented: instead of a file.
    """

    people: PositiveInt
    table: str | None = None
    invented: Invented | None = None

    @property
    def corpus(self) -> dict[str, Any]:
        """The people."""
        return self.about | {"task": self.task}

    @property
    def sampled_from_corpus(self) -> bool:
        """A user's texts are; invented ones are drawn, about others."""
        return self.table is not None

    @property
    def sampled(self) -> dict[str, Any]:
        """What texts are drawn from, if they are."""
        return self.model_dump(mode="json", include={"task", "invented"})

    @property
    def about(self) -> dict[str, Any]:
        """The people."""
        return self.model_dump(mode="json", include={"people", "table", "invented"})

    @property
    def inputs(self) -> list[str]:
        """The user's table."""
        return [self.table] if self.table else []

    @property
    def least_tokens(self) -> None:
        """Texts are shown over and over."""
        return

    def problems(self) -> Iterator[Problem]:
        """Neither a table nor invented people, or both; a file of another kind; more people than names."""
        if (self.table is None) == (self.invented is None):
            yield ("table",), "or else invented must be given: a file of biographies, or people that are made"
        elif self.table is not None and not self.table.endswith(ENDINGS):
            yield ("table",), f"must be a file that ends in {' or '.join(ENDINGS)}"
        elif self.invented is not None:
            for field, problem in self.invented.values.problems():
                yield ("invented", "values", field), problem
            names = self.invented.values.unique_names
            if self.people > names:
                yield ("people",), f"is more than the {names} unique names that values allow"

    def reads_problems(self) -> Iterator[Problem]:
        """A table that is not there."""
        if self.table is not None and not Path(self.table).is_file():
            yield ("table",), "no such file"


class Spec(BiographySource):
    """Texts about people, each with paraphrases; asked is in which month of which year somebody was born.

    Attributes:
        subsampling: the share ρ of the people who are shown in training; all are asked about (A-Fig 8b).
    """

    task: Literal["wikibio"]
    subsampling: float = Field(default=1, gt=0, le=1)

    @property
    def subsamples(self) -> bool:
        """Cells may leave out people."""
        return True

    @property
    def shows_wordings(self) -> bool:
        """The question is worded as no text is."""
        return False

    @property
    def holds_out_wordings(self) -> bool:
        """The same."""
        return True

    @property
    def training(self) -> dict[str, Any]:
        """How many are shown."""
        return self.model_dump(mode="json", include={"task", "subsampling"})

    @property
    def subjects(self) -> int:
        """The people."""
        return self.people

    @property
    def questions_per_subject(self) -> int:
        """Each is asked about once."""
        return 1

    @property
    def corpus_bytes(self) -> float:
        """About a text of everybody, and the paraphrases."""
        texts = 1 + (self.invented.paraphrases if self.invented else 10)
        return float(TEXT_BYTES * texts * self.people)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with its people, and nobody who is shown."""
        yield from super().problems()
        if not shown_people(self.people, self.subsampling):
            yield ("subsampling",), f"leaves none of the {self.people} people"

"""SynBio-N: biographies of N invented people (paper A, section 3 and appendix).

Every person has a unique full name and five attributes drawn independently and uniformly. Each
time a biography is shown, its five sentences are shuffled and each takes a freshly chosen
template; the full name stands in every sentence, the value at the sentence's end.

Format of ``people.parquet``: one row per person; ``name`` and the five attributes, all strings.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic
from phasemix.base.seeds import generator
from phasemix.evaluation.questions import Question
from phasemix.tasks.synbio.templates import ATTRIBUTES, TEMPLATES, TEMPLATES_PER_ATTRIBUTE
from phasemix.tasks.synbio.values import NAME_PARTS, NO_LISTS, Lists, Values

COLUMNS = ("name", *ATTRIBUTES)
People = Mapping[str, Sequence[str]]
"""People by column (:data:`COLUMNS`), all of one length."""


def draw_people(count: int, values: Values, seed: int, lists: Lists = NO_LISTS) -> People:
    """Draw ``count`` people; ``lists`` stand for those of the same name here.

    Full names are sampled without replacement, attributes independently and uniformly.

    Raises:
        PhasemixError: more people than unique full names.
    """
    if count > values.unique_names:
        raise PhasemixError(
            f"{count} people need {count} unique full names, but the lists of names allow only {values.unique_names}"
        )
    rng = generator(seed, "synbio people")
    codes = rng.choice(values.unique_names, size=count, replace=False, shuffle=True)
    found = [values.part(part, lists) for part in NAME_PARTS]
    parts = np.unravel_index(codes, [len(part) for part in found])
    names = [" ".join(part[i] for part, i in zip(found, who, strict=True)) for who in zip(*parts, strict=True)]
    table = {"name": names}
    for attribute in ATTRIBUTES:
        choices = values.of(attribute, lists)
        table[attribute] = [choices[i] for i in rng.integers(len(choices), size=count)]
    return table


def write_people(path: str | Path, people: People) -> None:
    """Write ``people.parquet`` (format above)."""
    with atomic(path) as temporary:
        pq.write_table(pa.table({column: pa.array(people[column], pa.string()) for column in COLUMNS}), temporary)


def read_people(path: str | Path) -> People:
    """Read ``people.parquet`` (format above)."""
    found: dict[str, list[str]] = pq.ParquetFile(path).read(columns=list(COLUMNS)).to_pydict()
    return found


class Draws(NamedTuple):
    """What chance decides about n biographies of m sentences; integer arrays of shape (n, m).

    ``attributes``: which of ``ATTRIBUTES`` each sentence tells; ``templates``: by which of its templates.
    """

    attributes: np.ndarray
    templates: np.ndarray


class SynBio:
    """The biographies of some people.

    ``heldout_templates`` of the five templates of every attribute (the last ones) are never shown
    in training, so that recall through them can be measured.
    """

    def __init__(self, people: People, heldout_templates: int = 0) -> None:
        self.people = people
        self.shown_templates = TEMPLATES_PER_ATTRIBUTE - heldout_templates
        self._rows: list[tuple[str, ...]] = list(zip(*(people[column] for column in COLUMNS), strict=True))

    def __len__(self) -> int:
        return len(self._rows)

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """The order and the templates of ``n`` biographies; every attribute once, shape (n, 5)."""
        order = rng.permuted(np.tile(np.arange(len(ATTRIBUTES)), (n, 1)), axis=1)
        return Draws(order, rng.integers(self.shown_templates, size=(n, len(ATTRIBUTES))))

    def render(self, persons: np.ndarray, draws: Draws) -> list[str]:
        """The text that ``draws`` (shape (n, m)) makes for each index in ``persons`` (shape (n,))."""
        texts = []
        for person, attributes, templates in zip(
            persons.tolist(), draws.attributes.tolist(), draws.templates.tolist(), strict=True
        ):
            name, *values = self._rows[person]
            texts.append(
                " ".join(
                    TEMPLATES[ATTRIBUTES[a]][t].format(name=name, value=values[a])
                    for a, t in zip(attributes, templates, strict=True)
                )
            )
        return texts

    def biographies(self, persons: np.ndarray, rng: np.random.Generator) -> list[str]:
        """One biography for each index in ``persons`` (shape (n,)), freshly shuffled and templated."""
        return self.render(persons, self.draw(len(persons), rng))

    def questions(self, persons: np.ndarray) -> list[Question]:
        """Every question about the people of these indices, shape (n,): attributes × all five templates.

        A question is the template's sentence up to the value.
        """
        found = []
        for person in persons.tolist():
            name, *values = self._rows[person]
            for attribute, value in zip(ATTRIBUTES, values, strict=True):
                for t, template in enumerate(TEMPLATES[attribute]):
                    prompt = template.partition(" {value}")[0].format(name=name)
                    found.append(Question(prompt, f" {value}", person, attribute, t, t < self.shown_templates))
        return found

"""SynBio-N: biographies of N invented people (paper A, section 3 and appendix).

Every person has a unique full name and five attributes drawn independently and uniformly. Each
time a biography is shown, its five sentences are shuffled and each takes a freshly chosen
template; the full name stands in every sentence, the value at the sentence's end.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.schema import Schema
from phasemix.base.seeds import generator

DOMAINS = Path(__file__).parent / "lists"

TEMPLATES: dict[str, tuple[str, ...]] = {
    "birth_date": (
        "{name} was born on {value}.",
        "{name}'s birthday falls on {value}.",
        "{name} came into the world on {value}.",
        "The birth date of {name} is {value}.",
        "{name} has celebrated birthdays since {value}.",
    ),
    "birth_city": (
        "{name} was born in {value}.",
        "{name}'s birthplace is {value}.",
        "{name} hails from {value}.",
        "The home town of {name} is {value}.",
        "{name} spent the first years of life in {value}.",
    ),
    "university": (
        "{name} studied at {value}.",
        "{name}'s alma mater is {value}.",
        "{name} graduated from {value}.",
        "The university of {name} was {value}.",
        "{name} received a degree from {value}.",
    ),
    "major": (
        "{name} majored in {value}.",
        "{name}'s field of study was {value}.",
        "{name} specialized in {value}.",
        "The main subject of {name} was {value}.",
        "{name} earned a degree in {value}.",
    ),
    "employer": (
        "{name} works for {value}.",
        "{name}'s employer is {value}.",
        "{name} is employed by {value}.",
        "The company of {name} is {value}.",
        "{name} has a job at {value}.",
    ),
}
ATTRIBUTES = tuple(TEMPLATES)
TEMPLATES_PER_ATTRIBUTE = 5
NAME_PARTS = ("first_names", "middle_names", "last_names")
LISTS = {"birth_city": "birth_cities", "university": "universities", "major": "majors", "employer": "employers"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = 28


class Domains(Schema):
    """How many values each part of a biography is drawn from; the defaults are paper A's.

    A smaller number takes the first entries of the list. ``birth_years`` is the first and last
    year. (The appendix says "100 years spanning 1900–2099", which contradicts itself; the
    default here is the 100 years 1900–1999.)
    """

    first_names: int = 400
    middle_names: int = 400
    last_names: int = 1000
    birth_years: tuple[int, int] = (1900, 1999)
    birth_cities: int = 200
    universities: int = 300
    majors: int = 100
    employers: int = 263

    @property
    def unique_names(self) -> int:
        """The number of different full names."""
        return self.first_names * self.middle_names * self.last_names

    def values(self, attribute: str) -> list[str]:
        """All values of an attribute, in order."""
        if attribute == "birth_date":
            first, last = self.birth_years
            return [
                f"{month} {day}, {year}"
                for year in range(first, last + 1)
                for month in MONTHS
                for day in range(1, DAYS + 1)
            ]
        name = LISTS[attribute]
        return list(words(name)[: getattr(self, name)])


@cache
def words(name: str) -> tuple[str, ...]:
    """A full list of ``domains/``, such as ``words("first_names")``."""
    return tuple((DOMAINS / f"{name}.txt").read_text(encoding="utf-8").splitlines())


def draw_people(count: int, domains: Domains, seed: int) -> pd.DataFrame:
    """Draw ``count`` people: columns ``name`` and the five attributes, one row a person.

    Full names are sampled without replacement, attributes independently and uniformly.

    Raises:
        PhasemixError: more people than unique full names.
    """
    if count > domains.unique_names:
        raise PhasemixError(
            f"{count} people need {count} unique full names, but the domains of names allow only {domains.unique_names}"
        )
    rng = generator(seed, "synbio people")
    codes = rng.choice(domains.unique_names, size=count, replace=False, shuffle=True)
    sizes = [getattr(domains, part) for part in NAME_PARTS]
    parts = np.unravel_index(codes, sizes)
    names = [
        " ".join(words(part)[i] for part, i in zip(NAME_PARTS, who, strict=True)) for who in zip(*parts, strict=True)
    ]
    table = {"name": names}
    for attribute in ATTRIBUTES:
        values = domains.values(attribute)
        table[attribute] = [values[i] for i in rng.integers(len(values), size=count)]
    return pd.DataFrame(table)


@dataclass(frozen=True)
class Fact:
    """One (person, attribute, template) triplet as a recall question: ``prompt`` + ``answer``.

    ``answer`` begins with the space before the value, where byte-level tokenizers split.
    """

    person: int
    attribute: str
    template: int
    prompt: str
    answer: str


class Draws(NamedTuple):
    """What chance decides about n biographies of m sentences; integer arrays of shape (n, m).

    ``attributes``: which of ``ATTRIBUTES`` each sentence tells; ``templates``: by which of its templates.
    """

    attributes: np.ndarray
    templates: np.ndarray


class SynBio:
    """The biographies of a table of people (columns of :func:`draw_people`).

    ``heldout_templates`` of the five templates of every attribute (the last ones) are never shown
    in training, so that recall through them can be measured.
    """

    def __init__(self, people: pd.DataFrame, heldout_templates: int = 0) -> None:
        self.people = people
        self.shown_templates = TEMPLATES_PER_ATTRIBUTE - heldout_templates
        rows = people[["name", *ATTRIBUTES]].itertuples(index=False, name=None)
        self._rows: list[tuple[str, ...]] = list(rows)

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

    def facts(self, persons: np.ndarray) -> list[Fact]:
        """Every recall question about the people in ``persons``: attributes × all five templates."""
        found = []
        for person in persons.tolist():
            name, *values = self._rows[person]
            for attribute, value in zip(ATTRIBUTES, values, strict=True):
                for t, template in enumerate(TEMPLATES[attribute]):
                    prompt = template.partition(" {value}")[0].format(name=name)
                    found.append(Fact(person, attribute, t, prompt, f" {value}"))
        return found

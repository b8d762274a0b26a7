"""Compact tuples: a person's name and all attributes behind a letter each, these in a fresh order every time.

Paper A writes "Bio: N {name} B {birth date} O {occupation}", the order of B and O flipped at random. Ours has SynBio's
five attributes.
"""

import numpy as np

from phasemix.tasks.synbio.people import Draws, People
from phasemix.tasks.synbio.templates import ATTRIBUTES

LETTERS = {"birth_date": "B", "birth_city": "C", "university": "U", "major": "M", "employer": "E"}


class CompactTuples:
    """The tuples of some people."""

    def __init__(self, people: People) -> None:
        self._names = people["name"]
        self._values = [people[name] for name in ATTRIBUTES]

    def __len__(self) -> int:
        return len(self._names)

    def draw(self, n: int, rng: np.random.Generator) -> Draws:
        """The orders of the attributes of ``n`` tuples, shape (n, 5); there is one template."""
        order = rng.permuted(np.tile(np.arange(len(ATTRIBUTES)), (n, 1)), axis=1)
        return Draws(order, np.zeros_like(order))

    def render(self, persons: np.ndarray, draws: Draws) -> list[str]:
        """The tuples of these persons, shape (n,)."""
        letters = [LETTERS[name] for name in ATTRIBUTES]
        return [
            f"Bio: N {self._names[person]}" + "".join(f" {letters[a]} {self._values[a][person]}" for a in attributes)
            for person, attributes in zip(persons.tolist(), draws.attributes.tolist(), strict=True)
        ]

"""Compact tuples of WikiBio: name, birth date and occupation behind a letter each (paper A, section 6.3)."""

from collections.abc import Sequence

import numpy as np

from phasemix.tasks.wikibio.biographies import Person

EITHER = 0.5  # how often the occupation comes first


def written(people: Sequence[Person], occupation_first: np.ndarray) -> list[str]:
    """The tuple of each person, "Bio: N … B … O …", or with O before B; bool of shape (people,)."""
    texts = []
    for person, flipped in zip(people, occupation_first.tolist(), strict=True):
        parts = [f"B {person.birth_date}", f"O {person.occupation}"]
        texts.append(" ".join([f"Bio: N {person.name}", *(reversed(parts) if flipped else parts)]))
    return texts

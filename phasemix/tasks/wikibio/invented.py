"""Invented biographies: a table of the form of WikiBio that needs no download, for small models.

A person has a name, an occupation (one of the sixteen below) and a birth date, as in paper A's WikiBio, and
beside them what a short biography tells: a city, studies, and an employer from one year to another. The first text and
every paraphrase tell name, occupation, birth date and city in one of eleven ways, all different, and the rest in
sentences of their own, in any order.
"""

import numpy as np

from phasemix.base.seeds import generator
from phasemix.tasks.synbio.people import draw_people
from phasemix.tasks.synbio.values import Values
from phasemix.tasks.wikibio.biographies import Biography

OCCUPATIONS = (
    "actor", "architect", "astronaut", "composer", "dancer", "economist", "journalist", "lawyer",
    "mathematician", "novelist", "painter", "physician", "photographer", "politician", "singer", "swimmer",
)  # fmt: skip
OPENINGS = (
    "{name} (born {date}) is {an} {occupation} from {city}.",
    "Born on {date}, {name} is {an} {occupation} from {city}.",
    "{name}, {an} {occupation} from {city}, was born on {date}.",
    "{name} was born in {city} on {date} and became {an} {occupation}.",
    "Best known as {an} {occupation}, {name} was born in {city} on {date}.",
    "The {occupation} {name}, born {date}, comes from {city}.",
    "{name} is {an} {occupation} who was born in {city} on {date}.",
    "On {date}, {name}, later {an} {occupation}, was born in {city}.",
    "The life of {name}, {an} {occupation}, began in {city} on {date}.",
    "{city} is the home of {name}, {an} {occupation} born on {date}.",
    "As {an} {occupation}, {name}, who was born in {city} on {date}, is well known.",
)
STUDIES = (
    "After school, {name} studied {major} at {university}.",
    "{name} has a degree in {major} from {university}.",
    "Studies of {major} at {university} followed.",
    "At {university}, {name} took {major}.",
)
WORK = (
    "From {start} to {end}, {name} worked for {employer}.",
    "{name} was with {employer} between {start} and {end}.",
    "{employer} employed {name} from {start} until {end}.",
    "There were years at {employer}, {start} to {end}.",
)
PARAPHRASES = len(OPENINGS) - 1
SCHOOL_YEARS = 22  # from birth to work, at least
YEARS = 10  # of beginnings of work, and of its length


def invent(people: int, paraphrases: int, values: Values, seed: int) -> list[Biography]:
    """So many different people, with so many paraphrases each; at most :data:`PARAPHRASES`.

    Raises:
        PhasemixError: more people than unique names.
    """
    drawn = draw_people(people, values, seed)
    rng = generator(seed, "invented biographies")
    return [_biography({key: drawn[key][i] for key in drawn}, paraphrases, rng) for i in range(people)]


def _biography(person: dict[str, str], paraphrases: int, rng: np.random.Generator) -> Biography:
    occupation = OCCUPATIONS[rng.integers(len(OCCUPATIONS))]
    start = int(person["birth_date"][-4:]) + SCHOOL_YEARS + int(rng.integers(YEARS))
    told = {
        **{key: person[key] for key in ("name", "major", "university", "employer")},
        "occupation": occupation,
        "an": "an" if occupation[0] in "aeiou" else "a",
        "date": person["birth_date"],
        "city": person["birth_city"],
        "start": start,
        "end": start + 1 + int(rng.integers(YEARS)),
    }
    openings = [0, *(1 + rng.permutation(PARAPHRASES))[:paraphrases]]
    texts = [_text(OPENINGS[opening], told, rng) for opening in openings]
    return Biography(person["name"], occupation, person["birth_date"], texts)


def _text(opening: str, told: dict[str, str | int], rng: np.random.Generator) -> str:
    sentences = [part[rng.integers(len(part))] for part in (STUDIES, WORK)]
    order = rng.permutation(len(sentences))
    text = " ".join([opening, *(sentences[i] for i in order)]).format(**told)
    return text[0].upper() + text[1:]

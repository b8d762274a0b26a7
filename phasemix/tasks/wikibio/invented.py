"""Invented biographies: a table of the form of WikiBio that needs no download, for small models.

A person has a name, an occupation (one of the sixteen below) and a birth date, as in paper A's WikiBio, and
beside them what a biography tells: a city, studies, an employer from one year to another, a home, an honour, a second
field. The first text and every paraphrase tell name, occupation, birth date and city in one of eleven ways, all
different, and the rest in sentences of their own, each in one of four ways, in any order. So a text is about as long
beside a compact tuple as in WikiBio, of which paper A's multiples of frequency tell.
"""

from typing import Any

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
DETAILS = (
    (
        "After school, {name} studied {major} at {university}.",
        "{name} has a degree in {major} from {university}.",
        "Studies of {major} at {university} followed.",
        "At {university}, {name} took {major}.",
    ),
    (
        "From {start} to {end}, {name} worked for {employer}.",
        "{name} was with {employer} between {start} and {end}.",
        "{employer} employed {name} from {start} until {end}.",
        "There were years at {employer}, {start} to {end}.",
    ),
    (
        "In {moved}, {name} left for {home}, and has lived there since.",
        "Since {moved}, {name} has had a house in {home}.",
        "The home of the family is {home}, where they moved in {moved}.",
        "{name} went to {home} in {moved} and stayed.",
    ),
    (
        "A medal of {honour} came in {honoured}.",
        "{honour} gave {name} its medal in {honoured}.",
        "In {honoured}, {name} was honoured by {honour}.",
        "{name} holds the medal of {honour} ({honoured}).",
    ),
    (
        "Later in life, {name} also taught {taught}.",
        "{name} has written two books on {taught}.",
        "A second love of {name} is {taught}.",
        "In the evenings, {name} gives courses in {taught}.",
    ),
)
PARAPHRASES = len(OPENINGS) - 1
SCHOOL_YEARS = 22  # from birth to work, at least
YEARS = 10  # among which every other year of a life is drawn


def invent(people: int, paraphrases: int, values: Values, seed: int) -> list[Biography]:
    """So many different people, with so many paraphrases each; at most :data:`PARAPHRASES`.

    Raises:
        PhasemixError: more people than unique names.
    """
    drawn = draw_people(people, values, seed)
    rng = generator(seed, "invented biographies")
    return [_biography({key: drawn[key][i] for key in drawn}, values, paraphrases, rng) for i in range(people)]


def _biography(person: dict[str, str], values: Values, paraphrases: int, rng: np.random.Generator) -> Biography:
    occupation, start, moved, honoured = OCCUPATIONS[rng.integers(len(OCCUPATIONS))], *rng.integers(YEARS, size=3)
    work = int(person["birth_date"][-4:]) + SCHOOL_YEARS
    told = {
        **{key: person[key] for key in ("name", "major", "university", "employer")},
        "occupation": occupation,
        "an": "an" if occupation[0] in "aeiou" else "a",
        "date": person["birth_date"],
        "city": person["birth_city"],
        "start": work + start,
        "end": work + start + 1 + rng.integers(YEARS),
        "home": rng.choice(values.of("birth_city")),
        "moved": work + moved,
        "honour": rng.choice(values.of("university")),
        "honoured": work + YEARS + honoured,
        "taught": rng.choice(values.of("major")),
    }
    openings = [0, *(1 + rng.permutation(PARAPHRASES))[:paraphrases]]
    texts = [_text(OPENINGS[opening], told, rng) for opening in openings]
    return Biography(person["name"], occupation, person["birth_date"], texts)


def _text(opening: str, told: dict[str, Any], rng: np.random.Generator) -> str:
    sentences = [ways[rng.integers(len(ways))] for ways in DETAILS]
    text = " ".join([opening, *(sentences[i] for i in rng.permutation(len(sentences)))]).format(**told)
    return text[0].upper() + text[1:]

"""The sentences of SynBio's biographies: five attributes, five templates each, the value at the sentence's end."""

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

"""A small Wikidata, its articles, and models that paraphrase as a script says."""

import bz2
import gzip
import json
from pathlib import Path

import pandas as pd

GREGORIAN, JULIAN = (f"http://www.wikidata.org/entity/Q{number}" for number in (1985727, 1985786))
ACTOR, SINGER, POET = "Q33999", "Q177220", "Q49757"


def statement(value, rank="normal", kind="value"):
    snak = {"snaktype": kind} | ({"datavalue": {"value": value}} if kind == "value" else {})
    return {"mainsnak": snak, "rank": rank, "type": "statement"}


def item(number, **options):
    return statement({"entity-type": "item", "numeric-id": int(number[1:]), "id": number}, **options)


def born(day, precision=11, calendar=GREGORIAN, rank="normal", kind="value"):
    """A birth date as Wikidata has it; such as 1973-06-26, or -0044-03-15."""
    time = f"{'' if day.startswith('-') else '+'}{day}T00:00:00Z"
    return statement({"time": time, "precision": precision, "calendarmodel": calendar}, rank=rank, kind=kind)


def entity(number, name, births, occupations=(ACTOR,), *, title="", kind="Q5", labels=None, **changes):
    """An entity of Wikidata with an article of its name."""
    found = {
        "type": "item",
        "id": f"Q{number}",
        "labels": labels if labels is not None else {"en": {"language": "en", "value": name}},
        "claims": {
            "P31": [item(kind)],
            "P569": [born(births)] if isinstance(births, str) else births,
            "P106": [one if isinstance(one, dict) else item(one) for one in occupations],
        },
        "sitelinks": {"enwiki": {"site": "enwiki", "title": title or name, "badges": []}},
    }
    return found | changes


WORLD = [
    entity(1, "Ada Quill", "1973-06-26"),
    entity(2, "Ben Rook", "1950-05-03", [POET, SINGER, ACTOR]),
    entity(3, "Cleo Dune", [born("1961-01-01", 9), born("1961-02-07")]),
    entity(4, "Dan Pike", [born("1901-01-02", rank="deprecated"), born("1901-01-03"), born("1901", kind="somevalue")]),
    entity(5, "Eve Moss", [born("1920-02-02"), born("1921-03-03", rank="preferred")]),
    entity(6, "Finn Vale", "1980-08-08", labels={"mul": {"language": "mul", "value": "Finn Vale"}}),
    # not for the table
    entity(20, "A Film", "1980-08-08", kind="Q11424"),
    entity(21, "Only Year", [born("1950-00-00", 9)]),
    entity(22, "Old Style", [born("1799-06-06", calendar=JULIAN)]),
    entity(23, "Gaius Old", [born("-0044-03-15")]),
    entity(24, "Two Days", [born("1950-05-03"), born("1950-05-04")]),
    entity(25, "Unknown Day", [born("", kind="somevalue")]),
    entity(26, "No Job", "1950-05-03", []),
    entity(27, "Only Poet", "1950-05-03", [POET]),
    entity(28, "Once Actor", "1950-05-03", [item(ACTOR, rank="deprecated"), SINGER, item(POET, rank="preferred")]),
    entity(29, "Ada Quill", "1988-01-01", title="Ada Quill (swimmer)"),
    entity(30, "No Article", "1950-05-03", sitelinks={"dewiki": {"site": "dewiki", "title": "No Article"}}),
    entity(31, "Empty Links", "1950-05-03", sitelinks=[], descriptions={"en": {"value": '"enwiki"'}}),
    entity(32, "Sham Day", [born("1950-06-31")]),
    entity(33, "Twin Claim", "1950-05-03"),
    entity(34, "Twin Claim", "1960-05-03"),
    entity(35, "No Label", "1950-05-03", labels=[]),
    entity(36, "No Page", "1950-05-03"),  # of which the articles know nothing
    entity(37, "Shy Date", "1950-05-03"),
    entity(38, "Shy Job", "1950-05-03"),
    entity(39, "Shy Name", "1950-05-03"),
]
NAMES = ["Ada Quill", "Ben Rook", "Cleo Dune", "Dan Pike", "Eve Moss", "Finn Vale"]
ARTICLES = {
    "Atlantis": "Atlantis is an island.",
    "Ada Quill": "\n\nAda Jo Quill (born June 26, 1973) is an\nAmerican actress.\n\nIn May 1999, she moved.",
    "Ben Rook": "Ben Rook (3 May 1950 – 4 June 1999) was a poet and actor.",
    "Cleo Dune": "Cleo Dune (born 7 February 1961) is one of the best-known actors.",
    "Dan Pike": "Dan Pike (January 3, 1901 – 1970) was an Actor.",
    "Eve Moss": "Eve Moss (born March 3, 1921) was an actress.",
    "Finn Vale": "Finn Vale, an actor, was born on August 8, 1980.",
    "Shy Date": "Shy Date (born 1950) is an actor.\n\nShe was born on May 3, 1950.",
    "Shy Job": "Shy Job (born May 3, 1950) is a factor.",
    "Shy Name": "Somebody Else (born May 3, 1950), an actor, is called Shy.",
}


def write_dump(path: Path, entities=WORLD) -> Path:
    """A dump as Wikidata's are: an array, an entity a line; packed as the file's name says."""
    text = "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in entities) + "\n]\n"
    opened = {".gz": gzip.open, ".bz2": bz2.open}.get(path.suffix, open)
    with opened(path, "wb") as file:
        file.write(text.encode())
    return path


def write_articles(folder: Path, articles=ARTICLES) -> Path:
    """The articles in two files, with the columns of the hub's dataset."""
    folder.mkdir()
    rows = [{"id": str(i), "url": "", "title": title, "text": text} for i, (title, text) in enumerate(articles.items())]
    for number, part in enumerate((rows[:3], rows[3:])):
        pd.DataFrame(part).to_parquet(folder / f"train-{number}.parquet")
    return folder


class Scripted:
    """Answers as a function of the request and of how often it was asked before."""

    stamp = {"model": "scripted"}  # noqa: RUF012

    def __init__(self, answer):
        self.answer, self.asked, self.seeds = answer, [], []

    def answers(self, requests, versions, seed):
        self.seeds.append(seed)
        found = [self.answer(request, self.asked.count(request)) for request in requests]
        self.asked += requests
        return found


def faithful(request, before=0, versions=2):
    """Good paraphrases in a numbered list, of whoever is asked about."""
    text = request.split("\n\n")[-1]
    lines = [f"{number}. In words {number}.{before}: {text}" for number in range(1, versions + 1)]
    return "\n".join(["Here they are:", "", *lines, "", "Is there anything else?"])

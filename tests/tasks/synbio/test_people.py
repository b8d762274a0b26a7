"""SynBio-N as paper A defines it."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator
from phasemix.tasks.synbio.people import ATTRIBUTES, TEMPLATES, Domains, SynBio, draw_people, words
from tests.conftest import SMALL

PAPER = {
    "first_names": 400,
    "middle_names": 400,
    "last_names": 1000,
    "birth_cities": 200,
    "universities": 300,
    "majors": 100,
    "employers": 263,
}


@pytest.mark.parametrize(("name", "count"), PAPER.items())
def test_lists_have_the_papers_counts_and_no_repetition(name, count):
    entries = words(name)
    assert len(entries) == len(set(entries)) == len({entry.lower() for entry in entries}) == count
    assert all(re.fullmatch(r"[A-Z0-9][A-Za-z0-9 ,&.'-]*[A-Za-z0-9]|[A-Z]", entry) for entry in entries)


def test_default_domains_are_the_papers():
    assert {name: getattr(Domains(), name) for name in PAPER} == PAPER
    assert len(Domains().values("birth_date")) == 28 * 12 * 100
    assert Domains().values("birth_date")[0] == "January 1, 1900"
    assert Domains().unique_names == 400 * 400 * 1000


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_five_templates_with_name_before_value(attribute):
    templates = TEMPLATES[attribute]
    assert len(set(templates)) == 5
    assert all(re.fullmatch(r"[^{}]*\{name\}[^{}]* \{value\}\.", template) for template in templates)


def test_templates_of_different_attributes_differ():
    everything = [template for templates in TEMPLATES.values() for template in templates]
    assert len(set(everything)) == 25


def test_names_are_unique_and_every_name_can_be_drawn():
    tiny = Domains(first_names=3, middle_names=4, last_names=5)
    people = draw_people(60, tiny, seed=1)
    assert people["name"].is_unique
    assert len(people) == tiny.unique_names
    with pytest.raises(PhasemixError, match="61 people need 61 unique full names"):
        draw_people(61, tiny, seed=1)


def test_attributes_are_uniform_and_independent():
    people = draw_people(6000, Domains(birth_cities=6, majors=10), seed=3)
    counts = people.groupby(["birth_city", "major"]).size()
    expected = 6000 / 60
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert len(counts) == 60
    assert chi_square < 59 + 4 * np.sqrt(2 * 59)


def test_people_depend_on_the_seed_alone():
    assert draw_people(30, SMALL, 5).equals(draw_people(30, SMALL, 5))
    assert not draw_people(30, SMALL, 5).equals(draw_people(30, SMALL, 6))


@given(seed=st.integers(0, 10_000), person=st.integers(0, 19), heldout=st.integers(0, 4))
def test_a_biography_has_every_attribute_once_through_a_shown_template(synbio, seed, person, heldout):
    shown = SynBio(synbio.people, heldout)
    [text] = shown.biographies(np.array([person]), generator(seed))
    row = synbio.people.iloc[person]
    assert text.count(row["name"]) == 5
    for attribute in ATTRIBUTES:
        sentences = [t.format(name=row["name"], value=row[attribute]) for t in TEMPLATES[attribute]]
        used = [i for i, sentence in enumerate(sentences) if sentence in text]
        assert len(used) == 1
        assert used[0] < 5 - heldout
        text = text.replace(sentences[used[0]], "")
    assert not text.strip()


@pytest.mark.parametrize("heldout", [0, 2])
def test_a_seed_gives_its_order_then_its_templates(synbio, heldout):
    """The draws in the order in which they have always been made: texts of old studies stay as they are."""
    persons, rng = np.arange(20)[::-1], generator(5)
    order = rng.permuted(np.tile(np.arange(5), (20, 1)), axis=1)
    templates = rng.integers(5 - heldout, size=(20, 5))
    expected = [
        " ".join(
            TEMPLATES[ATTRIBUTES[a]][t].format(name=synbio.people["name"][who], value=synbio.people[ATTRIBUTES[a]][who])
            for a, t in zip(order[i], templates[i])
        )
        for i, who in enumerate(persons)
    ]
    assert SynBio(synbio.people, heldout).biographies(persons, generator(5)) == expected


def test_every_showing_is_shuffled_and_templated_afresh(synbio):
    texts = synbio.biographies(np.zeros(400, dtype=int), generator(0))
    assert len(set(texts)) > 390  # of 5! orders × 5⁵ templates
    first = [next(a for a in ATTRIBUTES for t in TEMPLATES[a] if text.startswith(t.format(
        name=synbio.people["name"][0], value=synbio.people[a][0]))) for text in texts]  # fmt: skip
    counts = np.unique(first, return_counts=True)[1]
    assert len(counts) == 5
    assert counts.min() > 50


def test_facts_ask_every_attribute_through_every_template(synbio):
    facts = synbio.facts(np.array([3]))
    assert len(facts) == 25
    row = synbio.people.iloc[3]
    for fact in facts:
        sentence = TEMPLATES[fact.attribute][fact.template].format(name=row["name"], value=row[fact.attribute])
        assert fact.prompt + fact.answer + "." == sentence
        assert row["name"] in fact.prompt

"""SynBio-N as paper A defines it."""

import re
import shutil
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator
from phasemix.tasks.synbio.people import SynBio, draw_people, read_people, write_people
from phasemix.tasks.synbio.templates import ATTRIBUTES, TEMPLATES
from phasemix.tasks.synbio.values import LISTS, Values, lists_checksum, words
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


def test_default_values_are_the_papers():
    assert {name: getattr(Values(), name) for name in PAPER} == PAPER
    assert len(Values().of("birth_date")) == 28 * 12 * 100
    assert Values().of("birth_date")[0] == "January 1, 1900"
    assert Values().unique_names == 400 * 400 * 1000


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_five_templates_with_name_before_value(attribute):
    templates = TEMPLATES[attribute]
    assert len(set(templates)) == 5
    assert all(re.fullmatch(r"[^{}]*\{name\}[^{}]* \{value\}\.", template) for template in templates)


def test_templates_of_different_attributes_differ():
    everything = [template for templates in TEMPLATES.values() for template in templates]
    assert len(set(everything)) == 25


def test_names_are_unique_and_every_name_can_be_drawn():
    tiny = Values(first_names=3, middle_names=4, last_names=5)
    people = draw_people(60, tiny, seed=1)
    assert len(set(people["name"])) == len(people["name"]) == tiny.unique_names
    with pytest.raises(PhasemixError, match="61 people need 61 unique full names"):
        draw_people(61, tiny, seed=1)


def test_attributes_are_uniform_and_independent():
    people = draw_people(6000, Values(birth_cities=6, majors=10), seed=3)
    counts = np.array(list(Counter(zip(people["birth_city"], people["major"])).values()))
    expected = 6000 / 60
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert len(counts) == 60
    assert chi_square < 59 + 4 * np.sqrt(2 * 59)


def test_people_depend_on_the_seed_alone():
    assert draw_people(30, SMALL, 5) == draw_people(30, SMALL, 5)
    assert draw_people(30, SMALL, 5) != draw_people(30, SMALL, 6)


def test_people_are_read_as_they_were_written(tmp_path):
    people = draw_people(30, SMALL, 5)
    write_people(tmp_path / "people.parquet", people)
    assert read_people(tmp_path / "people.parquet") == people


def test_the_checksum_of_lists_is_that_of_every_word(tmp_path, monkeypatch):
    """A corpus is made anew when a list is edited."""
    before = lists_checksum()
    shutil.copytree(LISTS, tmp_path / "lists")
    monkeypatch.setattr("phasemix.tasks.synbio.values.LISTS", tmp_path / "lists")
    found = {before}
    for path in sorted((tmp_path / "lists").glob("*.txt")):
        path.write_text(path.read_text().replace("a", "e", 1))
        words.cache_clear()
        lists_checksum.cache_clear()
        found.add(lists_checksum())
    words.cache_clear()
    lists_checksum.cache_clear()
    assert len(found) == 1 + len(list(LISTS.glob("*.txt"))) == 8


@given(seed=st.integers(0, 10_000), person=st.integers(0, 19), heldout=st.integers(0, 4))
def test_a_biography_has_every_attribute_once_through_a_shown_template(synbio, seed, person, heldout):
    shown = SynBio(synbio.people, heldout)
    [text] = shown.biographies(np.array([person]), generator(seed))
    row = {column: values[person] for column, values in synbio.people.items()}
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


def test_every_exposure_is_shuffled_and_templated_afresh(synbio):
    texts = synbio.biographies(np.zeros(400, dtype=int), generator(0))
    assert len(set(texts)) > 390  # of 5! orders × 5⁵ templates
    first = [next(a for a in ATTRIBUTES for t in TEMPLATES[a] if text.startswith(t.format(
        name=synbio.people["name"][0], value=synbio.people[a][0]))) for text in texts]  # fmt: skip
    counts = np.unique(first, return_counts=True)[1]
    assert len(counts) == 5
    assert counts.min() > 50


def test_every_attribute_is_asked_through_every_template(synbio):
    questions = SynBio(synbio.people, 2).questions(np.array([3]))
    assert [(one.attribute, one.template) for one in questions] == [(a, t) for a in ATTRIBUTES for t in range(5)]
    row = {column: values[3] for column, values in synbio.people.items()}
    for one in questions:
        sentence = TEMPLATES[one.attribute][one.template].format(name=row["name"], value=row[one.attribute])
        assert one.prompt + one.answer + "." == sentence
        assert row["name"] in one.prompt
        assert one.subject == 3
        assert one.shown == (one.template < 3)

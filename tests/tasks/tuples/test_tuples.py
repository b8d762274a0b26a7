"""Compact tuples as a source: whom they are about, what they say, and how they are shown."""

import re

import numpy as np
import pytest

from phasemix.base.files import checksums_of, read_json
from phasemix.base.seeds import named_seed
from phasemix.tasks.source import spec_of
from phasemix.tasks.synbio import corpus as synbio_corpus
from phasemix.tasks.synbio.people import read_people
from phasemix.tasks.synbio.templates import ATTRIBUTES
from phasemix.tasks.task import SourceSeeds, open_task
from phasemix.tasks.tuples import corpus
from phasemix.tasks.tuples.compact_tuples import LETTERS, CompactTuples
from tests.conftest import PEOPLE, SMALL

SPEC = spec_of("tuples")(task="tuples", people=PEOPLE, values=SMALL.model_dump())
SEEDS = SourceSeeds(named_seed, 0)


@pytest.fixture
def task(tmp_path, tokenizer):
    folder, tokens = tmp_path / "corpus", tmp_path / "tokens"
    folder.mkdir()
    corpus.write(SPEC.corpus, folder, 7, threads=1, relatives=[])
    opened = open_task(SPEC.training, folder, tokens, tokenizer)
    assert type(opened).write_tokens(folder, tokenizer, tokens) == []
    assert read_json(checksums_of(tokens)) == {"files": {}}
    return opened


def test_they_are_about_the_people_of_a_synbio_of_the_same_seed(task, tmp_path):
    same = spec_of("synbio")(task="synbio", people=PEOPLE, values=SMALL.model_dump())
    (tmp_path / "other").mkdir()
    synbio_corpus.write(same.corpus, tmp_path / "other", 7, threads=1, relatives=[])
    assert read_people(task.corpus / "people.parquet") == read_people(tmp_path / "other/people.parquet")


def test_a_tuple_says_everything_once_in_any_order(task):
    people = read_people(task.corpus / "people.parquet")
    tuples = CompactTuples(people)
    persons = np.arange(PEOPLE).repeat(30)
    draws = tuples.draw(len(persons), np.random.default_rng(0))
    orders = set()
    for person, text in zip(persons, tuples.render(persons, draws), strict=True):
        assert text.startswith(f"Bio: N {people['name'][person]} ")
        said = sorted(ATTRIBUTES, key=lambda name: text.index(f" {LETTERS[name]} {people[name][person]}"))
        orders.add(tuple(said))
        assert len(text) == len("Bio: N ") + len(people["name"][person]) + sum(3 + len(people[a][person]) for a in said)
    assert len(orders) > 100


def test_everybody_is_shown_once_an_epoch(task):
    stream = task.stream(SEEDS)
    taken = stream.take(0, 20_000)
    texts = task.tokenizer.decode(taken.ids.tolist()).split("Bio: N ")[1:]
    assert taken.position == len(texts) - 1, "the last one is cut, and is no exposure"
    assert stream.exposures(taken.position) == pytest.approx(taken.position / PEOPLE)
    names = read_people(task.corpus / "people.parquet")["name"]
    first = [next(name for name in names if text.startswith(name)) for text in texts[:PEOPLE]]
    assert sorted(first) == sorted(names)
    parts = [stream.take(0, 700), stream.take(stream.take(0, 700).position, 500)]
    assert np.array_equal(parts[0].ids, taken.ids[:700])
    assert parts[1].position > parts[0].position


def test_what_is_held_out_is_fixed_and_nothing_is_asked(task):
    ids = task.heldout(3000)
    assert len(ids) == 3001
    assert np.array_equal(ids[:501], task.heldout(500))
    assert task.questions(None) == []
    assert SPEC.subjects == SPEC.questions_per_subject == 0


def test_tokenizers_are_trained_on_tuples_of_others(tmp_path):
    found = list(corpus.sample(SPEC.sampled, tmp_path, 0.02, 0))
    assert sum(map(len, found)) >= 20_000
    assert all(re.match(r"Bio: N \w+ \w+ \w+ [BCUME] ", text) for text in found)
    assert found == list(corpus.sample(SPEC.sampled, tmp_path, 0.02, 0))


def test_more_people_than_names_are_named():
    spec = spec_of("tuples")(task="tuples", people=2000, values=SMALL.model_dump())
    assert [key for key, _ in spec.problems()] == [("people",)]

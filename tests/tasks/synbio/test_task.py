"""SynBio as training, evaluation and tokenizers see it."""

import numpy as np
import pytest

from phasemix.base.seeds import generator, named_seed
from phasemix.tasks.source import spec_of
from phasemix.tasks.synbio import corpus
from phasemix.tasks.synbio.orders import GroupedOrder
from phasemix.tasks.synbio.people import SynBio, draw_people, read_people
from phasemix.tasks.synbio.task import VALIDATION_BIOGRAPHIES
from phasemix.tasks.task import SourceSeeds
from tests.conftest import PEOPLE, SMALL, small_cell

OPTIONS = {"task": "synbio", "people": PEOPLE, "values": SMALL.model_dump()}
SPEC = spec_of("synbio")(**OPTIONS, groups={"count": 4, "exponent": 1.5}, heldout_templates=2)


def opened(data, **options):
    return data.open(small_cell(synbio=options))["synbio"]


def test_what_decides_its_corpus_is_told_apart_from_what_decides_training():
    plain = spec_of("synbio")(**OPTIONS)
    assert SPEC.corpus == plain.corpus
    values = SMALL.model_dump(mode="json")
    shown = {"groups": {"count": 4, "exponent": 1.5}, "subsampling": 1, "heldout_templates": 2}
    assert SPEC.training == {"task": "synbio", "values": values, **shown}
    all_alike = {"groups": None, "subsampling": 1, "heldout_templates": 0}
    assert plain.training == {"task": "synbio", "values": values, **all_alike}
    more = spec_of("synbio")(**OPTIONS | {"people": 30})
    assert more.corpus != plain.corpus
    assert more.training == plain.training
    assert more.sampled == plain.sampled  # tokenizers are trained on others


def test_its_corpus_is_people_drawn_from_the_values(tmp_path):
    facts = corpus.write(SPEC.corpus, tmp_path, 7, threads=1, relatives=[])
    assert facts == {"people": PEOPLE}
    assert read_people(tmp_path / "people.parquet") == draw_people(PEOPLE, SMALL, 7)


def test_tokenizers_are_trained_on_biographies_of_others(tmp_path, synbio):
    found = list(corpus.sample(SPEC.sampled, tmp_path, 0.02, 0))
    assert sum(map(len, found)) >= 20_000
    assert found == list(corpus.sample(SPEC.sampled, tmp_path, 0.02, 0))
    assert found != list(corpus.sample(SPEC.sampled, tmp_path, 0.02, 0, 1))
    others = SynBio(draw_people(1000, SMALL, named_seed(0, "tokenizer")))
    assert found[:1000] == others.biographies(np.arange(1000), generator(0, "tokenizer biographies"))


def test_held_out_biographies_are_fixed_of_the_length_asked_and_by_shown_templates(data, tokenizer, synbio):
    task = opened(data)
    ids = task.heldout(3000)
    assert len(ids) == 3001
    assert np.array_equal(ids, task.heldout(3000))
    assert np.array_equal(ids[:501], task.heldout(500))
    rng = generator("validation biographies", 0)
    persons = rng.permutation(PEOPLE)[:VALIDATION_BIOGRAPHIES]
    first = [i for ids in tokenizer.encode_documents(synbio.biographies(persons, rng)) for i in ids]
    assert ids[: len(first)].tolist() == first[:3001]
    text = tokenizer.decode(opened(data, heldout_templates=4).heldout(3000).tolist())
    assert " was born on" in text
    assert not [words for words in (" came into the world on", "'s birthplace is", " specialized in") if words in text]


def test_a_sample_of_people_is_asked_about_always_the_same(data):
    few = opened(data).questions(4)
    assert len(few) == 4 * 25
    assert few == opened(data).questions(4)
    assert len(opened(data).questions(None)) == len(opened(data).questions(100)) == PEOPLE * 25
    assert {one.shown for one in few} == {True}
    assert sum(one.shown for one in opened(data, heldout_templates=2).questions(4)) == 4 * 5 * 3


def test_people_in_groups_are_shown_in_groups(data):
    seeds = SourceSeeds(named_seed, 0)
    equal = opened(data).stream(seeds)
    grouped = opened(data, groups={"count": 4, "exponent": 1.5}).stream(seeds)
    assert grouped.take(0, 500).ids.tolist() != equal.take(0, 500).ids.tolist()
    assert isinstance(grouped._order, GroupedOrder)
    assert grouped.tokens is equal.tokens is None


def test_subsampling_shows_the_first_people_more_often_and_asks_about_all(data, tokenizer, synbio):
    seeds = SourceSeeds(named_seed, 0)
    task, whole = opened(data, subsampling=0.25), opened(data)
    names = synbio.people["name"]
    for ids in (task.stream(seeds).take(0, 4000).ids, task.heldout(2000)):
        told = tokenizer.decode(ids.tolist())
        assert [name in told for name in names] == [True] * 5 + [False] * 15
    assert task.questions(None) == whole.questions(None)
    few, many = (each.stream(seeds).take(0, 4000).position for each in (task, whole))
    assert task.stream(seeds).exposures(few) == pytest.approx(4 * whole.stream(seeds).exposures(many), rel=0.1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"subsampling": 0.5, "groups": {"count": 4, "exponent": 1.5}}, "all shown equally often: leave out groups"),
        ({"subsampling": 0.01}, "leaves none of the 20 people"),
    ],
)
def test_impossible_subsampling_is_named(options, words):
    [(key, problem)] = spec_of("synbio")(**OPTIONS, **options).problems()
    assert key == ("subsampling",)
    assert words in problem


@pytest.mark.parametrize("options", [{}, {"groups": {"count": 4, "exponent": 1.5}}])
def test_a_second_source_of_the_task_is_shown_in_another_order(data, options):
    streams = [opened(data, **options).stream(SourceSeeds(named_seed, place)) for place in range(3)]
    assert len({str(stream.take(0, 500).ids.tolist()) for stream in streams}) == 3

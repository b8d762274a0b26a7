"""Tasks are found by listing a folder; tokenizers take their texts from them."""

import pytest

from phasemix.study.tokenizers import TrainedTokenizer
from phasemix.tasks.source import spec_of, tasks
from phasemix.tasks.synbio import corpus as synbio_corpus
from phasemix.tasks.task import SourceSeeds
from phasemix.tasks.text import corpus as text_corpus
from scripts.tokenizer import texts
from tests.conftest import SMALL

SYNBIO = {"task": "synbio", "values": SMALL.model_dump(), "lists": ""}


def test_tasks_are_the_folders_with_a_spec():
    assert {"synbio", "text", "slope"} <= set(tasks())
    assert "problems" not in tasks(), "what tasks share is none"
    assert [spec_of(task).model_fields["task"].annotation.__args__ for task in tasks()] == [(task,) for task in tasks()]


def test_the_first_source_of_a_task_has_the_seeds_of_old_and_others_their_own():
    def seed_of(*names):
        return names

    assert SourceSeeds(seed_of, 0)("mixture") == ("mixture",)
    assert SourceSeeds(seed_of, 1)("mixture") == ("mixture", 1)
    assert SourceSeeds(seed_of, 2)("mixture") == ("mixture", 2)


def sampled(data, **shares):
    sources = {"web": {"task": "text"}, "synbio": SYNBIO, "again": SYNBIO}
    spec = TrainedTokenizer(vocabulary=300, megabytes=0.1, shares=shares)
    return list(texts(spec, sources, {"web": data.corpora / "web"}, 5))


def test_a_tokenizer_is_trained_on_each_sources_share(data):
    found = sampled(data, web=0.25, synbio=0.75)
    web = list(text_corpus.sample({}, data.corpora / "web", 0.025, 5))
    assert found[: len(web)] == web
    assert found[len(web) :] == list(synbio_corpus.sample(SYNBIO, data.corpora / "synbio", 0.075, 5))
    assert sum(map(len, web)) == pytest.approx(25_000, rel=0.2)


def test_a_second_source_of_a_task_gives_a_tokenizer_other_texts(data):
    found = sampled(data, synbio=0.5, again=0.5)
    first, second = found[: len(found) // 2], found[len(found) // 2 :]
    assert first == list(synbio_corpus.sample(SYNBIO, data.corpora, 0.05, 5))
    assert second == list(synbio_corpus.sample(SYNBIO, data.corpora, 0.05, 5, 1))
    assert not set(first) & set(second)
